//! Jobs in containers, with a real engine: where steps run, what they see, how they end.

use std::time::Duration;

use slipway_core::{RecordId, RecordKind, RunResult};
use slipway_engine::Engine;

use crate::image::{STEPS, engine, own, steps};
use crate::support::{Bench, until};

async fn bench() -> Option<(Bench, Engine)> {
    let engine = engine().await?;
    steps(&engine).await;
    let mut bench = Bench::new();
    bench.engine = Some(engine.clone());
    Some((bench, engine))
}

fn job(bench: &Bench) -> RecordId {
    let told = bench.sink.told.lock().unwrap();
    told.seeds.iter().find(|seed| seed.kind == RecordKind::Job).unwrap().id.clone()
}

/// True once the step has written this line.
fn said(bench: &Bench, step: &str, line: &str) -> bool {
    let told = bench.sink.told.lock().unwrap();
    let seed = told.seeds.iter().find(|seed| seed.display_name == step);
    let lines = seed.and_then(|seed| told.lines.get(seed.id.as_str()));
    lines.is_some_and(|lines| lines.iter().any(|known| known.text == line))
}

/// What a run left in the engine.
async fn left(engine: &Engine, bench: &Bench) -> Vec<String> {
    let label = [("slipway.job".to_owned(), job(bench).to_string())];
    let mut left: Vec<String> =
        engine.list(&label).await.unwrap().into_iter().map(|container| container.name).collect();
    left.extend(engine.networks(&label).await.unwrap());
    left
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_run_in_the_jobs_container() {
    let Some((bench, engine)) = bench().await else { return };
    bench.file("hello.txt", "from the repository\n");
    let report = bench
        .run(&format!(
            "variables:
  plain: a'b \"c\" $d
  odd-name: odd
jobs:
- job: A
  container:
    image: {STEPS}
    env: {{ IN_CONTAINER: $(plain) }}
    options: --hostname inside
  steps:
  - checkout: self
  - bash: |
      echo $IN_IMAGE $(hostname) $HOME
      echo \"$IN_CONTAINER\"
      echo \"$PLAIN\"
      env | grep ^ODD-NAME=
      echo \"path $PATH\"
      cat hello.txt
      pwd
      echo made > $(Build.ArtifactStagingDirectory)/made
      cat
    displayName: look
  - script: echo to stderr >&2; printf 'no end'; exit 3
    displayName: fails
  - script: |
      echo $(basename $0) runs
      test -n \"$AGENT_CONTAINERMAPPING\" && echo mapped
    displayName: always
    condition: always()
  - bash: hostname; echo ${{IN_IMAGE:-nothing}}; cat $(Build.ArtifactStagingDirectory)/made
    displayName: here
    target: host
    condition: always()
"
        ))
        .await;
    let logs = bench.everything();
    assert_eq!(report.result, RunResult::Failed, "the second step fails: {logs}");
    let output = bench.output("look");
    let sources = bench.work_root().join("1/s").display().to_string();
    assert_eq!(output[0], "yes inside /root", "image, option and user are as asked: {logs}");
    assert_eq!(output[1], "a'b \"c\" $d", "env: of the container is filled in");
    assert_eq!(output[2], "a'b \"c\" $d", "variables reach the step as they are");
    assert_eq!(output[3], "ODD-NAME=odd", "also under a name that no shell can export");
    assert_eq!(output[4], "path /usr/bin:/bin", "PATH is the image's, not this machine's");
    assert_eq!(output[5], "from the repository", "the sources are mounted");
    assert_eq!(output[6], sources, "at the path that they have here");
    assert_eq!(output.len(), 7, "standard input is empty, so cat ends at once: {output:?}");
    assert_eq!(
        bench.output("fails"),
        ["to stderr", "no end"],
        "output without a line feed is kept"
    );
    let issue = bench.step("fails").issue.unwrap();
    assert_eq!(issue, "Bash exited with code '3'.", "a step has its own exit code");
    assert!(bench.output("always").contains(&"mapped".to_owned()), "the lane goes on after it");
    let here = bench.output("here");
    assert_eq!(here[1..], ["nothing", "made"], "target: host leaves the container: {here:?}");
    assert_ne!(here[0], "inside", "and runs on this machine");
    assert_eq!(bench.step("Initialize containers").result, RunResult::Succeeded, "it is a step");
    assert_eq!(left(&engine, &bench).await, [""; 0], "container and network are removed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn output_comes_byte_for_byte_and_as_it_comes() {
    let Some((bench, _)) = bench().await else { return };
    let yaml = format!(
        "pool: x
container: {STEPS}
steps:
- checkout: none
- bash: |
    echo first
    while [ ! -e $(Agent.TempDirectory)/go ]; do sleep 0.05; done
    i=0; while [ $i -lt 20000 ]; do echo \"line $i\"; i=$((i+1)); done
    echo last
  displayName: talk
"
    );
    let running = bench.run(&yaml);
    let watch = async {
        until("the first line", || said(&bench, "talk", "first")).await;
        std::fs::write(bench.work_root().join("_temp/1/go"), "").unwrap();
    };
    let (report, ()) = tokio::join!(running, watch);
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    let output = bench.output("talk");
    assert_eq!(output.len(), 20_002, "not a line is lost");
    assert_eq!(output[1 + 12_345], "line 12345", "and they are in order");
}

/// An image that becomes healthy after a moment, or never.
async fn server(engine: &Engine, check: &str) -> String {
    let dockerfile = format!(
        "FROM {STEPS}\n\
         RUN mkdir /www && echo welcome > /www/index.html\n\
         HEALTHCHECK --interval=200ms --retries=3 CMD {check}\n\
         VOLUME /nameless\n\
         CMD [\"/bin/sh\", \"-c\", \"echo it begins; exec httpd -f -p 8080 -h /www\"]\n"
    );
    own(engine, &[], &dockerfile).await
}

async fn volumes() -> usize {
    let volumes =
        tokio::process::Command::new("docker").args(["volume", "ls", "-q"]).output().await;
    volumes.unwrap().stdout.iter().filter(|byte| **byte == b'\n').count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_are_healthy_and_known_by_name() {
    let Some((bench, engine)) = bench().await else { return };
    let image = server(&engine, "wget -q -O /dev/null 127.0.0.1:8080/index.html").await;
    let report = bench
        .run(&format!(
            "resources:
  containers:
  - container: web
    image: {image}
    ports: ['8080']
    env: {{ GREETING: hello }}
  - container: other
    image: {STEPS}
    options: --hostname other
jobs:
- job: A
  container: {STEPS}
  services: {{ shop: web }}
  steps:
  - checkout: none
  - bash: |
      wget -q -O - http://shop:8080/index.html
      echo port $(agent.services.shop.ports.8080)
    displayName: look
  - bash: echo $GREETING; wget -q -O - 127.0.0.1:8080
    target: web
    displayName: inside the service
  - bash: hostname; wget -q -O - http://shop:8080
    target: {{ container: other }}
    displayName: elsewhere
  - bash: exec 3<>/dev/tcp/127.0.0.1/$(agent.services.shop.ports.8080) && echo reached
    target: host
    displayName: from here
"
        ))
        .await;
    engine.remove_image(&image).await.unwrap();
    assert_eq!(report.result, RunResult::Succeeded, "{}", bench.everything());
    let output = bench.output("look");
    assert_eq!(output[0], "welcome", "the service is known by its alias");
    let port = output[1].strip_prefix("port ").and_then(|port| port.parse::<u16>().ok());
    assert!(port.is_some(), "the port of this machine is a variable: {output:?}");
    assert_eq!(
        bench.output("inside the service"),
        ["hello", "welcome"],
        "a service is a target too"
    );
    assert_eq!(bench.output("elsewhere"), ["other", "welcome"], "a container of the step's own");
    assert_eq!(bench.output("from here"), ["reached"], "the port is open on this machine");
    assert_eq!(left(&engine, &bench).await, [""; 0], "nothing stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_not_healthy_shows_its_log() {
    let Some((bench, engine)) = bench().await else { return };
    let image = server(&engine, "false").await;
    let before = volumes().await;
    let report = bench
        .run(&format!(
            "services: {{ shop: '{image}' }}
steps:
- bash: echo never
  displayName: step
- bash: echo nor this
  displayName: always
  condition: always()
"
        ))
        .await;
    engine.remove_image(&image).await.unwrap();
    assert_eq!(report.result, RunResult::Failed, "the job cannot begin");
    let log = bench.log("Initialize containers").join("\n");
    assert!(log.contains("Failed to initialize, shop service is unhealthy."), "{log}");
    assert!(log.contains("it begins"), "the service's own lines are shown: {log}");
    assert_eq!(bench.step("always").result, RunResult::Skipped, "no step has a place to run in");
    assert_eq!(left(&engine, &bench).await, [""; 0], "nothing stays");
    assert!(volumes().await <= before, "nor does a volume without a name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_that_cannot_be_had_is_named() {
    let Some((bench, engine)) = bench().await else { return };
    let report = bench
        .run("container: 127.0.0.1:1/no/such:1\nsteps:\n- bash: echo never\n  displayName: step\n")
        .await;
    assert_eq!(report.result, RunResult::Failed, "the job cannot begin");
    let issue = report.issue.unwrap();
    assert!(issue.contains("127.0.0.1:1/no/such:1"), "the image is named: {issue}");
    let log = bench.log("Initialize containers").join("\n");
    assert!(log.contains("docker build -t 127.0.0.1:1/no/such:1"), "what to do is said: {log}");
    assert_eq!(left(&engine, &bench).await, [""; 0], "nothing stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_ends_the_whole_tree_in_the_container() {
    let Some((bench, engine)) = bench().await else { return };
    let yaml = format!(
        "container: {STEPS}
steps:
- checkout: none
- bash: |
    trap 'echo interrupted; exit 9' INT
    setsid sleep 1000 &
    (trap '' INT TERM; while :; do sleep 0.1; done) &
    echo ready
    wait
  displayName: long
- bash: ps | grep -c '[s]leep 1000' || echo none
  displayName: after
  condition: always()
"
    );
    let running = bench.run(&yaml);
    let stop = async {
        until("the step", || said(&bench, "long", "ready")).await;
        bench.cancel.cancel();
    };
    let started = std::time::Instant::now();
    let (report, ()) = tokio::join!(running, stop);
    assert_eq!(report.result, RunResult::Canceled, "{}", bench.everything());
    assert!(bench.output("long").contains(&"interrupted".to_owned()), "SIGINT comes first");
    let after = bench.output("after");
    assert_eq!(after, ["0", "none"], "no child goes on: {after:?}");
    assert!(started.elapsed() < Duration::from_secs(40), "it took {:?}", started.elapsed());
    assert_eq!(left(&engine, &bench).await, [""; 0], "nothing stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_without_a_shell_runs_each_step_by_itself() {
    let Some((bench, engine)) = bench().await else { return };
    // Bash goes by another name, and the image's own command keeps it up.
    let image = own(
        &engine,
        &[("/bin/bash-static", "bash"), ("/bin/busybox", "busybox")],
        "FROM scratch\nCOPY bash /tools/bash\nCOPY busybox /tools/sleep\nENV PATH=/nowhere\n\
         CMD [\"/tools/sleep\", \"1000\"]\n",
    )
    .await;
    let report = bench
        .run(&format!(
            "container: {image}
steps:
- checkout: none
- task: Bash@3
  displayName: step
  inputs: {{ targetType: inline, script: 'echo out; echo err >&2; exit 4' }}
  env: {{ PATH: /tools }}
"
        ))
        .await;
    engine.remove_image(&image).await.unwrap();
    assert_eq!(report.result, RunResult::Failed, "its exit code counts");
    let log = bench.log("Initialize containers").join("\n");
    assert!(log.contains("has no shell"), "the log says so: {log}");
    assert_eq!(left(&engine, &bench).await, [""; 0], "nothing stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_app_left_is_removed_by_its_run() {
    let Some((bench, engine)) = bench().await else { return };
    let yaml = format!(
        "container: {STEPS}\nsteps:\n- checkout: none\n- bash: echo ready; sleep 1000\n  displayName: long\n"
    );
    let request = bench.request(&yaml);
    let run_id = request.run.run_id.clone();
    let (host, sink) = (bench.host.clone(), bench.sink.clone());
    let cancel = bench.cancel.clone();
    // A runtime of its own, which dies without a chance to put anything away.
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let task = runtime.spawn(slipway_runner::run(request, host, sink, cancel));
        (runtime, task)
    });
    let (runtime, _task) = thread.join().unwrap();
    until("the step", || said(&bench, "long", "ready")).await;
    runtime.shutdown_background();
    assert!(!left(&engine, &bench).await.is_empty(), "the container is still there");
    let removed = slipway_runner::end_containers_of_run(&engine, &run_id).await.unwrap();
    assert_eq!(removed, 1, "the next start of the app removes it");
    assert_eq!(left(&engine, &bench).await, [""; 0], "and its network");
}

#[tokio::test]
async fn a_job_that_does_not_run_ends_the_start_of_its_containers() {
    // Nothing is started, so no engine is needed.
    let bench = Bench::new();
    let steps = "steps: [{checkout: none}, {script: echo}]";
    let yaml = format!(
        "jobs:
- job: Left
  condition: false
  container: nothing/of:this
  {steps}
- job: After
  dependsOn: Left
  services: {{db: nothing/of:this}}
  {steps}
- job: Broken
  container: nothing/of:this
  variables:
    odd: $[ dependencies.nobody.outputs['a.b'].c.d ]
    wrong: $[ gt(1, 'abc') ]
  {steps}
"
    );
    let report = bench.run(&yaml).await;
    assert_eq!(report.result, RunResult::Failed, "one job cannot start: {report:?}");
    let told = bench.sink.told.lock().unwrap();
    for (job, why) in [("Left", "condition"), ("After", "Left"), ("Broken", "could not start")] {
        let job = told.seeds.iter().find(|seed| seed.name == job).unwrap();
        let below = |seed: &&slipway_runner::RecordSeed| {
            seed.parent_id.as_ref() == Some(&job.id) && seed.name == "InitializeContainers"
        };
        let record = told.seeds.iter().find(below).unwrap();
        let end = &told.ends[record.id.as_str()];
        assert_eq!(end.result, RunResult::Skipped, "nothing was started for {}", job.name);
        assert!(end.issue.as_ref().is_some_and(|it| it.contains(why)), "and why: {end:?}");
        assert!(!told.started.contains(&record.id), "it never began");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_may_be_given_by_a_path_that_only_the_image_has() {
    let Some((bench, engine)) = bench().await else { return };
    let dockerfile = format!(
        "FROM {STEPS}\n\
         RUN mkdir -p /opt/own && printf '#!/bin/sh\\necho own $1\\n' > /opt/own/python && \
         chmod +x /opt/own/python\n"
    );
    let image = own(&engine, &[], &dockerfile).await;
    let report = bench
        .run(&format!(
            "container: {image}
steps:
- checkout: none
- task: PythonScript@0
  displayName: Inside
  inputs:
    scriptSource: inline
    script: print(1)
    pythonInterpreter: /opt/own/python
- task: PythonScript@0
  displayName: Nowhere
  inputs:
    scriptSource: inline
    script: print(1)
    pythonInterpreter: /opt/none/python
"
        ))
        .await;
    let output = bench.output("Inside").join("\n");
    assert!(output.starts_with("own "), "the image's own program ran: {output} {report:?}");
    let issue = bench.step("Nowhere").issue.unwrap();
    assert!(issue.contains("/opt/none/python is not in the container"), "told clearly: {issue}");
}
