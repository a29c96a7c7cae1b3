//! A cancel at random moments: wherever the run is by then, nothing of it stays behind.
//!
//! Eight moments, or as many as `SLIPWAY_CANCELS` says; `SLIPWAY_SEED` repeats the moments of an earlier run.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use slipway_core::RunResult;
use slipway_engine::Engine;

use crate::image::{STEPS, engine, own, steps};
use crate::support::{Bench, until};

/// Two jobs side by side, one after them; steps that print, that start others and that clean up.
const BUSY: &str = "jobs:
- job: Loud
  steps:
  - checkout: none
  - bash: 'true'
  - bash: |
      setsid bash -c 'sleep 300' &
      (sleep 300 | sleep 300) &
      seq 1 200000
      sleep 0.1
  - bash: mktemp -d \"$AGENT_TEMPDIRECTORY/x.XXXX\"; sleep 300
    displayName: Hang
  - bash: echo cleaning
    condition: always()
- job: Short
  steps:
  - checkout: none
  - bash: sleep 0.05
  - bash: sleep 0.05
  - bash: trap 'exit 3' INT; sleep 300
- job: Later
  dependsOn: Short
  condition: always()
  steps:
  - checkout: none
  - bash: echo after all
";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Processes that any job of the run started.
fn processes_of_run(run: &str) -> Vec<String> {
    let marker = format!("VSTS_PROCESS_LOOKUP_ID=slipway_{run}.");
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let environ = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environ.split(|byte| *byte == 0).any(|pair| pair.starts_with(marker.as_bytes())) {
            let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            found.push(String::from_utf8_lossy(&words).replace('\0', " "));
        }
    }
    found
}

/// The same in containers: the steps in one, a service beside it.
fn busy_inside(service: &str) -> String {
    format!(
        "jobs:
- job: Inside
  container: {STEPS}
  services: {{ side: '{service}' }}
  steps:
  - checkout: none
  - bash: |
      setsid bash -c 'sleep 300' &
      (trap '' INT TERM; sleep 300 | sleep 300) &
      seq 1 20000
  - bash: trap 'exit 3' INT; sleep 300
  - bash: echo cleaning
    condition: always()
- job: Later
  dependsOn: Inside
  condition: always()
  container: {STEPS}
  steps:
  - checkout: none
  - bash: echo after all
"
    )
}

/// Cancels a pipeline again and again, each time by `latest`, and looks for what stays.
async fn cancel_at_random(yaml: &str, latest: Duration, engine: Option<Engine>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let mut random = number("SLIPWAY_SEED").unwrap_or(now as u64 | 1);
    println!("SLIPWAY_SEED={random} repeats these moments.");
    let latest = u64::try_from(latest.as_millis()).unwrap();
    for cancel in 1..=number("SLIPWAY_CANCELS").unwrap_or(if engine.is_some() { 4 } else { 8 }) {
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        let moment = Duration::from_millis(random.wrapping_mul(0x2545_f491_4f6c_dd1d) % latest);
        let mut bench = Bench::new();
        bench.engine = engine.clone();
        let token = bench.cancel.clone();
        let begun = Instant::now();
        let stop = async {
            until("the moment", || begun.elapsed() >= moment).await;
            token.cancel();
        };
        let (report, ()) = tokio::join!(bench.run(yaml), stop);
        let at = format!("cancel {cancel} after {moment:?}");
        println!("{at}: over {:?} later", begun.elapsed().saturating_sub(moment));
        assert_eq!(report.result, RunResult::Canceled, "{at}: {}", bench.everything());
        assert!(begun.elapsed() < Duration::from_secs(60), "{at}: it ends soon");
        let first = {
            let told = bench.sink.told.lock().unwrap();
            for seed in &told.seeds {
                assert!(told.ends.contains_key(seed.id.as_str()), "{at}: {} has an end", seed.name);
            }
            told.seeds[0].id.to_string()
        };
        let run = first.split('.').next().unwrap();
        assert_eq!(processes_of_run(run), Vec::<String>::new(), "{at}: no process stays");
        let temp = bench.work_root().join("_temp");
        let left = std::fs::read_dir(&temp).map_or(0, |entries| entries.count());
        assert_eq!(left, 0, "{at}: no temporary folder stays in {}", temp.display());
        if let Some(engine) = &engine {
            let label = [("slipway.run".to_owned(), run.to_owned())];
            let containers = engine.list(&label).await.unwrap();
            assert!(containers.is_empty(), "{at}: no container stays: {containers:?}");
            let networks = engine.networks(&label).await.unwrap();
            assert_eq!(networks, [""; 0], "{at}: no network stays");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_at_any_moment_leaves_nothing_behind() {
    cancel_at_random(BUSY, Duration::from_millis(900), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_at_any_moment_leaves_no_container_behind() {
    let Some(engine) = engine().await else { return };
    steps(&engine).await;
    let service = own(
        &engine,
        &[("/bin/busybox", "busybox")],
        "FROM scratch\nCOPY busybox /busybox\nCMD [\"/busybox\", \"sleep\", \"300\"]\n",
    )
    .await;
    cancel_at_random(&busy_inside(&service), Duration::from_secs(5), Some(engine.clone())).await;
    engine.remove_image(&service).await.unwrap();
}
