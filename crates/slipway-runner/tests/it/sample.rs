
use std::sync::Arc;
use slipway_core::RunResult;
use crate::support::{Bench, MemoryHost};
use crate::registry::Registry;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tideline() {
    let mut bench = Bench::new();
    let registry = Registry::start(bench.folder.path()).await;
    rustls::crypto::ring::default_provider().install_default().ok();
    bench.engine = Some(slipway_engine::Engine::connect(None).await.unwrap());
    let vars = vec![("greeting".to_owned(), "Ahoy".to_owned()), ("trafficPerMinute".to_owned(), "60".to_owned())];
    bench.host = Arc::new(MemoryHost { registry: Some(registry.address.clone()), environments: [("local".to_owned(), vars)].into_iter().collect(), ..MemoryHost::default() });
    let status = std::process::Command::new("cp").arg("-rT").arg("/work/main/samples/tideline").arg(bench.folder.path().join("shop")).status().unwrap();
    assert!(status.success());
    let yaml = std::fs::read_to_string("/work/main/samples/tideline/azure-pipelines.yml").unwrap();
    let report = bench.run(&yaml).await;
    println!("{report:?}");
    let told = bench.sink.told.lock().unwrap();
    for seed in &told.seeds {
        let end = &told.ends[seed.id.as_str()];
        println!("== {} {} {:?} {:?}", seed.kind, seed.display_name, end.result, end.issue);
        for line in told.lines.get(seed.id.as_str()).into_iter().flatten() { println!("   {} {}", line.stream, line.text); }
    }
    println!("{:?}", bench.host.orders.lock().unwrap());
    assert_eq!(report.result, RunResult::Succeeded);
}
