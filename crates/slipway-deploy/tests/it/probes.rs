//! Configuration inside of pods, and probes of every kind.

use slipway_deploy::LocalTarget;
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, Lines, READY, get, until, web};

const CONFIG: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: plain, app.conf: 'listen 8080;'}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {password: aHVudGVyMg==}
stringData: {token: t-1}
";

#[tokio::test(flavor = "multi_thread")]
async fn config_maps_and_secrets_arrive_as_variables_and_files() {
    let Some(bench) = Bench::start("config").await else { return };
    let image = bench.push("shop/web", "1").await;
    let container = format!(
        "{READY}
          envFrom: [{{configMapRef: {{name: settings}}, prefix: CFG_}}]
          env:
            - {{name: PASSWORD, valueFrom: {{secretKeyRef: {{name: keys, key: password}}}}}}
            - {{name: POD, valueFrom: {{fieldRef: {{fieldPath: metadata.name}}}}}}
            - {{name: GREETING, value: 'mode is $(CFG_mode)'}}
            - {{name: OWN, value: mine}}
            - {{name: SHOW, value: /etc/settings/app.conf /etc/token}}
          workingDir: /app
          resources: {{limits: {{cpu: 500m, memory: 64Mi}}}}
          volumeMounts:
            - {{name: settings, mountPath: /etc/settings}}
            - {{name: keys, mountPath: /etc/token, subPath: token}}
            - {{name: scratch, mountPath: /scratch}}
      volumes:
        - {{name: settings, configMap: {{name: settings}}}}
        - {{name: keys, secret: {{secretName: keys, defaultMode: 0400}}}}
        - {{name: scratch, emptyDir: {{}}}}"
    );
    let manifest = format!("{}{CONFIG}", web(1, &container));
    let target = bench.target();
    let mut request = bench.request(&manifest, &[image]);
    request.env_injected = vec![
        ("APPLICATIONINSIGHTS_CONNECTION_STRING".into(), "InstrumentationKey=1".into()),
        ("OWN".into(), "theirs".into()),
    ];
    let applied =
        target.apply(request, &Lines::default(), &CancellationToken::new()).await.unwrap();
    let env = get(&applied, "/env").await.unwrap();
    let pod = &applied.workloads[0].pods[0];
    for expected in [
        "CFG_mode=plain",
        "PASSWORD=hunter2",
        "GREETING=mode is plain",
        "OWN=mine",
        "APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey=1",
        &format!("POD={pod}"),
        "PWD=/app",
    ] {
        assert!(env.lines().any(|line| line == expected), "expected {expected} in:\n{env}");
    }
    assert_eq!(
        get(&applied, "/files").await.unwrap(),
        "listen 8080;t-1",
        "files have their content"
    );
    let modes = get(&applied, "/modes").await.unwrap();
    assert!(modes.contains("-r--------"), "defaultMode is kept: {modes}");
    let status = target.status().await.unwrap();
    let log = target.pod_log(&status.pods[0].name, 5).await.unwrap();
    assert_eq!(log, ["starting version 1"], "a pod's log is readable");
    assert_eq!(status.pods[0].phase, "Running");
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_tcp_and_http_probes_decide() {
    let Some(bench) = Bench::start("probes").await else { return };
    let image = bench.push("shop/web", "1").await;
    let container = "\
startupProbe: {exec: {command: [/bin/busybox, test, -f, /www/ready]}, periodSeconds: 1, failureThreshold: 20}
          readinessProbe: {tcpSocket: {port: http}, periodSeconds: 1}
          livenessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 1, failureThreshold: 2}";
    let target = bench.target();
    bench.apply(&target, &web(1, container), &image).await.unwrap();
    let id = target.status().await.unwrap().pods[0].container_id.clone();
    exec(&bench, &id, &["rm", "/www/ready"]).await;
    until("liveness restarts the pod", async || restarts(&target).await > 0).await;
    // The script writes the file again, so the pod heals.
    until("the pod is ready again", async || target.status().await.unwrap().pods[0].is_ready).await;

    // Nobody listens on that port, though the engine's forwarder would accept.
    let deaf = web(1, "readinessProbe: {tcpSocket: {port: 9999}, periodSeconds: 1}");
    let mut request = bench.request(&deaf, &[image]);
    request.rollout_timeout = std::time::Duration::from_secs(2);
    let error = target
        .apply(request, &Lines::default(), &CancellationToken::new())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("port 9999 refuses connections"), "tcp tells the truth: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_loses_readiness_leaves_the_service_and_comes_back() {
    let Some(bench) = Bench::start("endpoints").await else { return };
    let image = bench.push("shop/web", "1").await;
    let target = bench.target();
    let probe = "readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 1}";
    let applied = bench.apply(&target, &web(1, probe), &image).await.unwrap();
    let id = target.status().await.unwrap().pods[0].container_id.clone();
    exec(&bench, &id, &["rm", "/www/ready"]).await;
    until("it leaves the endpoints", async || endpoints(&target).await == 0).await;
    assert!(get(&applied, "/version").await.is_err(), "no pod is behind the service");
    let pod = target.status().await.unwrap().pods.remove(0);
    assert!(pod.message.unwrap().contains("readiness probe failed"), "and the pod says why");
    exec(&bench, &id, &["touch", "/www/ready"]).await;
    until("it comes back", async || endpoints(&target).await == 1).await;
    assert_eq!(get(&applied, "/version").await.unwrap(), "1");
    assert_eq!(restarts(&target).await, 0, "readiness restarts nothing");

    // Somebody removes the container behind our back: the next deployment starts a new one.
    bench.engine.remove(&id, true).await.unwrap();
    until("the loss is seen", async || endpoints(&target).await == 0).await;
    let healed = bench.apply(&target, &web(1, probe), &image).await.unwrap();
    assert_eq!(healed.services[0].endpoints, 1, "a new pod took its place");
}

async fn exec(bench: &Bench, id: &str, words: &[&str]) {
    let mut command = vec!["/bin/busybox".to_owned()];
    command.extend(words.iter().map(|word| (*word).to_owned()));
    let outcome = bench.engine.exec(id, &command, std::time::Duration::from_secs(10)).await;
    assert_eq!(outcome.unwrap().exit_code, 0, "the test's own command works: {command:?}");
}

async fn endpoints(target: &LocalTarget) -> u32 {
    target.status().await.unwrap().services[0].endpoints
}

async fn restarts(target: &LocalTarget) -> u32 {
    target.status().await.unwrap().pods[0].restarts
}
