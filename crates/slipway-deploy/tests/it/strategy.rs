//! A canary and a green beside what runs on this machine.

use std::collections::BTreeSet;

use slipway_core::{PushedImage, RolloutStrategy};
use slipway_deploy::{AppliedDeployment, DeployTarget};
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, Lines, READY, get, web};

async fn by(
    bench: &Bench,
    target: &DeployTarget,
    strategy: RolloutStrategy,
    image: &PushedImage,
) -> AppliedDeployment {
    let request = bench.request(&web(2, READY), std::slice::from_ref(image));
    let cancel = CancellationToken::new();
    target.apply_by(&strategy, request, &Lines::default(), &cancel).await.unwrap()
}

/// The workloads that pods run for, and how many each has.
async fn workloads(bench: &Bench) -> Vec<String> {
    let pods = bench.pods().await;
    let mut all: Vec<_> =
        pods.values().map(|pod| pod.labels["dev.slipway.workload"].clone()).collect();
    all.sort();
    all
}

/// Every version that the first Service answers with.
async fn versions(applied: &AppliedDeployment) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for _ in 0..24 {
        seen.insert(get(applied, "/version").await.unwrap());
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_shares_the_service_and_takes_the_place() {
    let Some(bench) = Bench::start("canary").await else { return };
    let (one, two) = (bench.push("shop/web", "1").await, bench.push("shop/web", "2").await);
    let target = DeployTarget::Local(bench.target());
    let strategy = RolloutStrategy::canary(50);
    let DeployTarget::Local(local) = &target else { unreachable!() };
    bench.apply(local, &web(2, READY), &one).await.unwrap();
    let beside = by(&bench, &target, strategy, &two).await;
    assert_eq!(workloads(&bench).await, ["web", "web", "web-baseline", "web-canary"]);
    let both = BTreeSet::from(["1".to_owned(), "2".to_owned()]);
    assert_eq!(versions(&beside).await, both, "the pods take turns");
    let pods = beside.pods_of(&two.digest);
    assert_eq!(pods.len(), 1, "the new digest is the canary's alone: {beside:?}");
    assert!(target.prove(pods[0], &two).await.unwrap().is_proven, "which is proven");

    // A new app finds all of it again.
    let target = DeployTarget::Local(bench.target());
    let promoted = by(&bench, &target, strategy.promoted(), &two).await;
    assert_eq!(workloads(&bench).await, ["web", "web"], "both companions are gone");
    assert_eq!(versions(&promoted).await, BTreeSet::from(["2".to_owned()]));

    by(&bench, &target, strategy, &one).await;
    let request = bench.request(&web(2, READY), &[one]);
    let cancel = CancellationToken::new();
    let gone = target.withdraw(&strategy, &request, &Lines::default(), &cancel).await.unwrap();
    assert_eq!(gone.removed.len(), 2, "{gone:?}");
    assert_eq!(versions(&promoted).await, BTreeSet::from(["2".to_owned()]), "what ran runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_green_is_looked_at_before_it_takes_over() {
    let Some(bench) = Bench::start("green").await else { return };
    let (one, two) = (bench.push("shop/web", "1").await, bench.push("shop/web", "2").await);
    let target = DeployTarget::Local(bench.target());
    let DeployTarget::Local(local) = &target else { unreachable!() };
    let blue = bench.apply(local, &web(2, READY), &one).await.unwrap();
    let strategy = RolloutStrategy::blue_green();
    let green = by(&bench, &target, strategy, &two).await;
    assert_eq!(green.services[0].name, "web-green", "it has an address of its own: {green:?}");
    assert_eq!(versions(&green).await, BTreeSet::from(["2".to_owned()]));
    assert_eq!(versions(&blue).await, BTreeSet::from(["1".to_owned()]), "the old one is as it was");
    let promoted = by(&bench, &target, strategy.promoted(), &two).await;
    assert_eq!(promoted.services[0].port, blue.services[0].port, "at the same address");
    assert_eq!(versions(&promoted).await, BTreeSet::from(["2".to_owned()]));
    assert_eq!(workloads(&bench).await, ["web", "web"], "the green is gone");
}
