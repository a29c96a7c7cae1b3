//! Telemetry that is malformed, oversized or not authorised: statuses as Azure's, counted, and nothing
//! else lost.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, http};

use crate::contract::{connection_of, now};

fn request_item(key: &str, name: &str) -> Value {
    json!({
        "name": "Microsoft.ApplicationInsights.Request", "time": now(), "iKey": key,
        "data": { "baseType": "RequestData", "baseData": { "ver": 2, "id": "a1", "name": name,
            "duration": "00:00:00.0120000", "responseCode": "200", "success": true } },
    })
}

fn lines(items: &[Value]) -> Vec<u8> {
    items.iter().map(|item| item.to_string() + "\n").collect::<String>().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

struct Sender {
    endpoint: String,
}

impl Sender {
    async fn send(&self, body: Vec<u8>, is_gzip: bool) -> (u16, Value) {
        let mut request = http().post(format!("{}/v2.1/track", self.endpoint)).body(body);
        if is_gzip {
            request = request.header("Content-Encoding", "gzip");
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }
}

async fn seen(house: &House, project: &str) -> Value {
    let request = json!({ "projectId": project, "environment": "local", "minutes": 15 });
    house.call("telemetry_get", request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_telemetry_is_answered_as_azure_does_and_good_items_are_kept() {
    let sandbox = Sandbox::new("track");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let view = house.run(&project, "Something to report").await;
    assert_eq!(view["run"]["result"], "succeeded", "a container runs: {view}");
    let (endpoint, key) = connection_of(&project);
    let sender = Sender { endpoint };
    let good = |name: &str| request_item(&key, name);
    let stranger = request_item("00000000-0000-0000-0000-000000000000", "GET /");
    let before = seen(&house, &project).await;

    let (status, answer) = sender.send(lines(&[good("GET /a"), good("GET /b")]), false).await;
    assert_eq!((status, &answer["itemsAccepted"]), (200, &json!(2)), "lines of items: {answer}");
    let array = serde_json::to_vec(&json!([good("GET /c")])).unwrap();
    let (status, answer) = sender.send(gzip(&array), true).await;
    assert_eq!((status, &answer["itemsAccepted"]), (200, &json!(1)), "a packed array: {answer}");

    let mut mixed = lines(&[good("GET /d")]);
    mixed.extend_from_slice(b"{\"name\": \"broken\"\n");
    mixed.extend(lines(std::slice::from_ref(&stranger)));
    let (status, answer) = sender.send(mixed, false).await;
    assert_eq!(status, 206, "some are taken: {answer}");
    assert_eq!(
        (&answer["itemsReceived"], &answer["itemsAccepted"]),
        (&json!(3), &json!(1)),
        "{answer}"
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "each refused item is told: {answer}");
    assert_eq!(
        (&errors[0]["index"], &errors[0]["statusCode"]),
        (&json!(1), &json!(400)),
        "{answer}"
    );
    assert!(errors[1]["message"].as_str().unwrap().contains("nstrumentation key"), "{answer}");

    let (status, answer) = sender.send(b"not json at all".to_vec(), false).await;
    assert_eq!(status, 400, "nothing can be read: {answer}");
    let (status, answer) = sender.send(lines(&[stranger]), false).await;
    assert_eq!(status, 400, "a key that nobody gave out: {answer}");

    let mut large = good("GET /large");
    large["data"]["baseData"]["properties"] = json!({ "cargo": "x".repeat(70_000) });
    let (status, answer) = sender.send(lines(&[large, good("GET /e")]), false).await;
    assert_eq!(status, 206, "one item is too large, the other is taken: {answer}");
    assert_eq!(answer["errors"][0]["statusCode"], 413, "{answer}");
    let (status, answer) = sender.send(vec![b' '; 5 << 20], false).await;
    assert_eq!(status, 413, "a body over 4 MiB: {answer}");
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20, "the bomb is small: {} bytes", bomb.len());
    let (status, answer) = sender.send(bomb, true).await;
    assert_eq!(status, 413, "a body that inflates beyond the limit: {answer}");
    let (status, answer) = sender.send(b"\x1f\x8bnot gzip".to_vec(), true).await;
    assert_eq!(status, 400, "a body that is not what it says: {answer}");

    let after = seen(&house, &project).await;
    let more = |field: &str| {
        after["intake"][field].as_i64().unwrap() - before["intake"][field].as_i64().unwrap()
    };
    assert_eq!(more("accepted"), 5, "every good item is counted: {}", after["intake"]);
    assert_eq!(more("rejectedMalformed"), 3, "broken item, no JSON, no gzip: {}", after["intake"]);
    assert_eq!(more("rejectedTooLarge"), 3, "item, body, bomb: {}", after["intake"]);
    assert_eq!(more("rejectedUnauthorized"), 2, "both of the stranger: {}", after["intake"]);
    assert!(
        after["intake"]["lastError"].is_string(),
        "the newest reason is kept: {}",
        after["intake"]
    );
    let requests = after["requests"].as_u64().unwrap() - before["requests"].as_u64().unwrap();
    assert_eq!(requests, 5, "every good item is kept: {after}");
    let names: Vec<&str> = after["operations"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    for name in ["GET /a", "GET /b", "GET /c", "GET /d", "GET /e"] {
        assert!(names.contains(&name), "{name} is kept: {names:?}");
    }
    house.close().await;
}
