//! A watched table beside an API server that does what a real one does rarely: forgets where a watch was,
//! ends it, and answers nonsense. Written by hand, because a real one cannot be told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use slipway_core::{KubeRows, KubeWatchState};
use slipway_deploy::{KubeKind, KubeViews, RowsWanted};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers one after another, to lists and to watches; a watch stays open after its last.
struct Script {
    lists: VecDeque<String>,
    watches: VecDeque<Vec<String>>,
    asked: Vec<String>,
}

async fn serve(script: Arc<Mutex<Script>>) -> std::path::PathBuf {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, script.clone()));
        }
    });
    let path = std::env::temp_dir().join(format!("sl-view-{}.kubeconfig", address.port()));
    let text = format!(
        "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
         users: [{{name: u, user: {{}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

async fn answer(stream: TcpStream, script: Arc<Mutex<Script>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if stream.read_line(&mut first).await.unwrap_or(0) == 0 {
            return;
        }
        let mut header = String::new();
        while stream.read_line(&mut header).await.unwrap_or(0) > 2 {
            header.clear();
        }
        let is_watch = first.contains("watch=1");
        let (list, lines) = {
            let mut script = script.lock().unwrap();
            script.asked.push(first.clone());
            if is_watch {
                (None, script.watches.pop_front())
            } else {
                (script.lists.pop_front(), None)
            }
        };
        if !is_watch {
            let body = list.unwrap_or_else(|| "this is no list".to_owned());
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            continue;
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let is_open = lines.is_none();
        for line in lines.unwrap_or_default() {
            let chunk = format!("{:x}\r\n{line}\n\r\n", line.len() + 1);
            stream.write_all(chunk.as_bytes()).await.unwrap();
        }
        if is_open {
            std::future::pending::<()>().await;
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
    }
}

fn object(name: &str, version: u32) -> String {
    format!(
        r#"{{"metadata":{{"name":"{name}","uid":"uid-{name}","resourceVersion":"{version}"}}}}"#
    )
}

fn list(names: &[&str], version: u32) -> String {
    let items: Vec<String> = names.iter().map(|name| object(name, version)).collect();
    format!(
        r#"{{"kind":"WidgetList","metadata":{{"resourceVersion":"{version}"}},"items":[{}]}}"#,
        items.join(",")
    )
}

fn line(word: &str, object: &str) -> String {
    format!(r#"{{"type":"{word}","object":{object}}}"#)
}

fn rows(views: &KubeViews, watch: &str) -> KubeRows {
    views.rows(watch, &RowsWanted { limit: 100, ..RowsWanted::default() }).unwrap()
}

fn names(rows: &KubeRows) -> Vec<&str> {
    rows.rows.iter().map(|row| row.name.as_str()).collect()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_watch_that_expired_is_listed_anew_without_a_blank_table() {
    let gone =
        line("ERROR", r#"{"kind":"Status","code":410,"message":"too old resource version"}"#);
    let script = Arc::new(Mutex::new(Script {
        lists: [list(&["a", "b"], 5), list(&["b", "c"], 9)].into(),
        watches: [
            vec![line("ADDED", &object("d", 6)), line("BOOKMARK", &object("", 7))],
            vec![gone],
        ]
        .into(),
        asked: Vec::new(),
    }));
    let kubeconfig = serve(script.clone()).await;
    let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
    let watch = views.watch("c", "", &KubeKind::new("example.com", "v1", "widgets")).unwrap();
    let mut fewest = u32::MAX;
    until("the new list is there", || {
        let rows = rows(&views, &watch);
        if rows.state != KubeWatchState::Listing {
            fewest = fewest.min(rows.total);
        }
        names(&rows) == ["b", "c"] && rows.state == KubeWatchState::Live
    })
    .await;
    assert!(fewest >= 2, "the table was never blank: {fewest}");
    let asked = script.lock().unwrap().asked.clone();
    let watches: Vec<_> = asked.iter().filter(|line| line.contains("watch=1")).collect();
    assert!(watches[0].contains("resourceVersion=5"), "from where the list ended: {watches:?}");
    assert!(watches[1].contains("resourceVersion=7"), "a bookmark moves the place: {watches:?}");
    std::fs::remove_file(kubeconfig).unwrap();
}

#[tokio::test]
async fn an_answer_that_is_none_is_a_problem_and_asked_for_again() {
    let lists = ["<html>sign in first</html>".to_owned(), list(&["a"], 5)];
    let script = Arc::new(Mutex::new(Script {
        lists: lists.into(),
        watches: VecDeque::new(),
        asked: Vec::new(),
    }));
    let kubeconfig = serve(script).await;
    let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
    let watch = views.watch("c", "", &KubeKind::new("example.com", "v1", "widgets")).unwrap();
    until("it is told", || rows(&views, &watch).problem.is_some()).await;
    let problem = rows(&views, &watch).problem.unwrap_or_default();
    assert!(problem.contains("listing widgets"), "what was asked: {problem}");
    until("it is there", || names(&rows(&views, &watch)) == ["a"]).await;
    until("the problem is over", || rows(&views, &watch).problem.is_none()).await;
    std::fs::remove_file(kubeconfig).unwrap();
}

#[tokio::test]
async fn thirty_thousand_objects_are_one_table() {
    let page = |number: usize| {
        let names: Vec<String> = (0..500).map(|at| format!("w-{:05}", number * 500 + at)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let resume = if number < 59 { format!(r#""continue":"{number}","#) } else { String::new() };
        list(&names, 5).replace(
            r#""resourceVersion":"5"},"items""#,
            &format!(r#"{resume}"resourceVersion":"5"}},"items""#),
        )
    };
    let script = Arc::new(Mutex::new(Script {
        lists: (0..60).map(page).collect(),
        watches: VecDeque::new(),
        asked: Vec::new(),
    }));
    let kubeconfig = serve(script.clone()).await;
    let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
    let watch = views.watch("c", "", &KubeKind::new("example.com", "v1", "widgets")).unwrap();
    until("the first rows show while the rest comes", || rows(&views, &watch).total >= 500).await;
    until("all are there", || rows(&views, &watch).state == KubeWatchState::Live).await;
    let wanted = RowsWanted {
        filter: "W-2999".to_owned(),
        sort: Some(("Name".to_owned(), true)),
        offset: 1,
        limit: 3,
    };
    let last = views.rows(&watch, &wanted).unwrap();
    assert_eq!((last.total, last.matching), (30_000, 10));
    assert_eq!(names(&last), ["w-29998", "w-29997", "w-29996"], "a window of them, sorted");
    let asked = script.lock().unwrap().asked.clone();
    assert!(asked[0].contains("limit=500") && asked[59].contains("continue=58"), "page by page");
    std::fs::remove_file(kubeconfig).unwrap();
}
