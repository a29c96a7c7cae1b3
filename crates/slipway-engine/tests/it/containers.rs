//! Containers from creation to removal.

use std::io::{Read, Write};
use std::time::Duration;

use slipway_core::LogStream;
use slipway_engine::{ContainerSpec, ContainerState, EngineError};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::support::{case, texts, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_container_runs_and_tells_how_it_ended() {
    case("life", |case| async move {
        let image_id = case.busybox().await;
        let mut spec = case.script("a", "echo $GREETING; echo oops >&2; exit 3");
        spec.env = vec![("GREETING".into(), "moin=moin".into())];
        let id = case.engine.create(&spec).await.unwrap();
        let created = case.engine.inspect(&id).await.unwrap().unwrap();
        assert_eq!(created.state, ContainerState::Created);
        assert_eq!((created.started_at, created.exit_code), (None, None), "it never ran");

        case.engine.start(&id).await.unwrap();
        assert_eq!(case.engine.wait(&id).await.unwrap(), 3, "the script's exit code");
        let ended = case.engine.inspect(&spec.name).await.unwrap().expect("a name works too");
        assert_eq!(ended.state, ContainerState::Exited);
        assert_eq!(ended.exit_code, Some(3));
        assert_eq!(ended.image_id, image_id, "what runs is what was built");
        assert_eq!((ended.name.as_str(), ended.image_reference), (&*spec.name, case.image()));
        assert!(ended.started_at.is_some(), "it ran");
        assert!(ended.finished_at >= ended.started_at, "it cannot end before it starts");

        let lines = case.engine.logs(&id, None).await.unwrap();
        let stdout = lines.iter().find(|line| line.stream == LogStream::Stdout).unwrap();
        assert_eq!(stdout.text, "moin=moin", "the value may hold an equals sign");
        let started_at = ended.started_at.unwrap();
        assert!((stdout.at - started_at).abs() < 5_000, "the stamp is the engine's");
        assert!(lines.iter().any(|l| l.stream == LogStream::Stderr && l.text == "oops"));

        let found = case.engine.list(&[case.label()]).await.unwrap();
        assert_eq!(found.len(), 1, "the label finds it although it has ended");
        case.engine.remove(&id, false).await.unwrap();
        assert!(case.engine.inspect(&id).await.unwrap().is_none());
        case.engine.remove(&id, false).await.expect("gone is gone");
        for error in [
            case.engine.start(&id).await.unwrap_err(),
            case.engine.stop(&id, 1).await.unwrap_err(),
            case.engine.kill(&id).await.unwrap_err(),
            case.engine.logs(&id, None).await.unwrap_err(),
            case.engine.wait(&id).await.unwrap_err(),
        ] {
            assert!(matches!(error, EngineError::ContainerMissing { .. }), "got {error:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_port_answers_on_loopback() {
    case("port", |case| async move {
        case.busybox().await;
        let serve = "while :; do echo hello | /bin/busybox nc -l -p 8080; done";
        let mut spec = case.script("web", serve);
        let network = case.engine.ensure_network(&case.name, &[case.label()]).await.unwrap();
        let again = case.engine.ensure_network(&case.name, &[]).await.unwrap();
        assert_eq!(network, again, "the second call finds the first one's network");
        assert!(network.gateway.is_some() && network.subnet.is_some(), "got {network:?}");
        spec.network = Some(case.name.clone());
        spec.aliases = vec!["web".into()];
        spec.published = vec![8080, 8081];
        spec.init = true;
        let id = case.run(&spec).await;
        let facts = case.engine.inspect(&id).await.unwrap().unwrap();
        assert!(facts.is_running() && facts.ip.is_some(), "got {facts:?}");
        let port = facts.host_port(8080).expect("the engine chose a port");
        assert_ne!(facts.host_port(8081).unwrap(), port, "each port has its own");
        let mut answer = String::new();
        until("the port answers", || {
            answer.clear();
            let got = std::net::TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
                stream.set_read_timeout(Some(Duration::from_secs(2)))?;
                stream.read_to_string(&mut answer)
            });
            let is_there = got.is_ok() && answer == "hello\n";
            async move { is_there }
        })
        .await;
        let mut client = case.script("client", "/bin/busybox nc web 8080 </dev/null");
        client.network = Some(case.name.clone());
        let client = case.run(&client).await;
        assert_eq!(case.engine.wait(&client).await.unwrap(), 0, "the alias resolves");
        let error = case.engine.remove_network(&case.name).await.unwrap_err();
        assert!(matches!(error, EngineError::Refused { .. }), "in use: {error:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_followed_until_the_end_or_cancel() {
    case("follow", |case| async move {
        case.busybox().await;
        let script = "echo one; while [ ! -e /go ]; do /bin/busybox usleep 10000; done; echo two";
        let id = case.run(&case.script("a", script)).await;
        let (lines, mut got) = unbounded_channel();
        let (engine, follow_id) = (case.engine.clone(), id.clone());
        let never = CancellationToken::new();
        let follow =
            tokio::spawn(async move { engine.follow_logs(&follow_id, lines, &never).await });
        assert_eq!(got.recv().await.unwrap().text, "one", "it comes before the container ends");

        let (other, mut other_got) = unbounded_channel();
        let cancel = CancellationToken::new();
        let (engine, other_id, token) = (case.engine.clone(), id.clone(), cancel.clone());
        let cancelled =
            tokio::spawn(async move { engine.follow_logs(&other_id, other, &token).await });
        assert_eq!(other_got.recv().await.unwrap().text, "one", "a second follower sees all, too");
        cancel.cancel();
        cancelled.await.unwrap().expect("to stop following is no error");

        let mut tar = tar::Builder::new(Vec::new());
        let mut head = tar::Header::new_gnu();
        head.set_size(0);
        head.set_mode(0o644);
        tar.append_data(&mut head, "go", std::io::empty()).unwrap();
        case.engine.copy_in(&id, "/", tar.into_inner().unwrap()).await.unwrap();
        assert_eq!(got.recv().await.unwrap().text, "two", "the copied file let it go on");
        follow.await.unwrap().expect("the end of the container ends the stream");
        let tail = case.engine.logs(&id, Some(1)).await.unwrap();
        assert_eq!(texts(&tail), ["two"], "only the last line was asked for");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_line_stays_whole() {
    case("long", |case| async move {
        case.busybox().await;
        let script = "/bin/busybox head -c 40000 /dev/zero | /bin/busybox tr '\\0' x; echo; echo e";
        let id = case.run(&case.script("a", script)).await;
        case.engine.wait(&id).await.unwrap();
        let lines = case.engine.logs(&id, None).await.unwrap();
        let lengths: Vec<usize> = lines.iter().map(|line| line.text.len()).collect();
        assert_eq!(lengths, [40_000, 1], "the engine cuts at 16 KiB, we join");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_inside_and_have_a_limit() {
    case("exec", |case| async move {
        case.busybox().await;
        let id = case.run(&case.script("a", "/bin/busybox sleep 600")).await;
        let sh = |script: &str| vec!["/bin/sh".to_owned(), "-c".into(), script.into()];
        let limit = Duration::from_secs(20);
        let done =
            case.engine.exec(&id, &sh("echo in; echo err >&2; exit 4"), limit).await.unwrap();
        assert_eq!(done.exit_code, 4);
        assert!(done.output.contains("in\n") && done.output.contains("err\n"), "got {done:?}");
        let none = case.engine.exec(&id, &["/no/such".to_owned()], limit).await;
        assert!(
            none.as_ref().map_or(true, |outcome| outcome.exit_code != 0),
            "a command that is not there never succeeds: {none:?}"
        );
        let sleep = sh("/bin/busybox sleep 30");
        let slow = case.engine.exec(&id, &sleep, Duration::from_millis(300));
        let error = slow.await.unwrap_err();
        assert!(matches!(error, EngineError::ExecTimedOut { .. }), "got {error:?}");
        case.engine.kill(&id).await.unwrap();
        case.engine.kill(&id).await.expect("what has ended cannot be killed, and need not be");
        let error = case.engine.exec(&id, &sh("true"), limit).await.unwrap_err();
        assert!(matches!(error, EngineError::Refused { .. }), "it does not run: {error:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_asks_first_and_kills_later() {
    case("stop", |case| async move {
        case.busybox().await;
        let polite =
            "trap 'echo bye; exit 0' TERM; echo up; while :; do /bin/busybox usleep 9999; done";
        let stubborn = "trap '' TERM; echo up; while :; do /bin/busybox usleep 9999; done";
        for (suffix, script, code) in [("polite", polite, 0), ("stubborn", stubborn, 137)] {
            let id = case.run(&case.script(suffix, script)).await;
            until("the trap is set", || async {
                !case.engine.logs(&id, None).await.unwrap().is_empty()
            })
            .await;
            case.engine.stop(&id, 1).await.unwrap();
            let facts = case.engine.inspect(&id).await.unwrap().unwrap();
            assert_eq!(facts.exit_code, Some(code), "{suffix}");
            case.engine.stop(&id, 1).await.expect("a second stop finds nothing to do");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entry_point_and_command_follow_kubernetes() {
    case("entry", |case| async move {
        case.busybox().await;
        let plain = ContainerSpec { command: None, ..case.script("cmd", "") };
        let args = ContainerSpec {
            command: None,
            args: Some(vec!["/bin/sh".into(), "-c".into(), "echo from args".into()]),
            ..case.script("args", "")
        };
        let command =
            ContainerSpec { command: Some(vec!["/bin/sh".into()]), ..case.script("command", "") };
        for (spec, expected) in
            [(plain, vec!["from CMD"]), (args, vec!["from args"]), (command, vec![])]
        {
            let id = case.run(&spec).await;
            case.engine.wait(&id).await.unwrap();
            let lines = case.engine.logs(&id, None).await.unwrap();
            assert_eq!(
                texts(&lines),
                expected,
                "{}: `command` alone drops the image's CMD",
                spec.name
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_mounts_and_hosts_reach_the_container() {
    case("limits", |case| async move {
        case.busybox().await;
        let dir = tempfile::tempdir().unwrap();
        let mut file = std::fs::File::create(dir.path().join("f")).unwrap();
        writeln!(file, "mounted").unwrap();
        let script = "/bin/busybox cat /data/f; /bin/busybox grep other /etc/hosts; \
                      echo x > /nope || echo read-only; /bin/busybox pwd; /bin/busybox id -u";
        let mut spec = case.script("a", script);
        spec.binds = vec![format!("{}:/data:ro", dir.path().display())];
        spec.extra_hosts = vec!["other:10.1.2.3".into()];
        spec.read_only = true;
        spec.working_dir = Some("/data".into());
        spec.user = Some("1234".into());
        spec.memory_bytes = Some(64 << 20);
        spec.nano_cpus = Some(250_000_000);
        let id = case.run(&spec).await;
        case.engine.wait(&id).await.unwrap();
        let lines = case.engine.logs(&id, None).await.unwrap();
        let texts = texts(&lines);
        for expected in ["mounted", "10.1.2.3\tother", "read-only", "/data", "1234"] {
            assert!(texts.contains(&expected), "{expected} is missing in {texts:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crashing_container_is_started_again() {
    case("restart", |case| async move {
        case.busybox().await;
        let mut spec = case.script("a", "exit 1");
        spec.restart = slipway_engine::RestartPolicy::OnFailure;
        let id = case.run(&spec).await;
        until("it was started again", || async {
            case.engine.inspect(&id).await.unwrap().unwrap().restart_count >= 2
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_what_is_in_the_way() {
    case("refuse", |case| async move {
        let spec = case.script("a", "/bin/busybox sleep 600");
        let error = case.engine.create(&spec).await.unwrap_err();
        assert_eq!(error, EngineError::ImageMissing { reference: case.image() });
        case.busybox().await;
        let id = case.run(&spec).await;
        let error = case.engine.create(&spec).await.unwrap_err();
        assert_eq!(error, EngineError::NameTaken { name: spec.name.clone() });
        let error = case.engine.remove(&id, false).await.unwrap_err();
        assert!(matches!(error, EngineError::Refused { .. }), "it runs: {error:?}");
        let new_name = format!("{}-b", case.name);
        case.engine.rename(&id, &new_name).await.unwrap();
        assert_eq!(case.engine.inspect(&id).await.unwrap().unwrap().name, new_name);

        let bad = ContainerSpec { command: Some(vec!["/nope".into()]), ..case.script("bad", "") };
        let bad_id = case.engine.create(&bad).await.unwrap();
        let error = case.engine.start(&bad_id).await.unwrap_err();
        let EngineError::StartFailed { message, .. } = &error else { panic!("got {error:?}") };
        assert!(message.contains("/nope"), "the engine's words name the command: {message}");
        assert!(
            !case.engine.inspect(&bad_id).await.unwrap().unwrap().error.is_empty(),
            "the engine remembers why"
        );
        let lost = ContainerSpec { network: Some("no-such-net".into()), ..case.script("net", "") };
        let error = match case.engine.create(&lost).await {
            Ok(id) => case.engine.start(&id).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error, EngineError::NetworkMissing { network: "no-such-net".into() });
    })
    .await;
}
