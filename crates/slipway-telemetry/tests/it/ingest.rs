//! `read_track` on whole bodies: formats, limits, answers, and the odd shapes that real clients send.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use slipway_telemetry::ingest::{
    Limits, TelemetryItem, TelemetryKind, TrackReply, read_track, response_json, response_status,
};

/// 2026-11-22T19:00:00Z.
const NOW: i64 = 1_795_374_000_000;
const KEY: &str = "5f1d7a52-0c3e-4b8a-8d55-1f00ba7c0de5";

fn read(body: &str) -> TrackReply {
    read_track(body.as_bytes(), None, &Limits::default(), NOW)
}

fn one(body: &str) -> TelemetryItem {
    let mut reply = read(body);
    assert_eq!(reply.errors, [], "{body}: no item is refused");
    assert_eq!(reply.items.len(), 1, "{body}: one item");
    reply.items.remove(0)
}

fn event(name: &str) -> String {
    format!(
        r#"{{"iKey":"{KEY}","time":"2026-11-22T18:59:00Z","data":{{"baseType":"EventData","baseData":{{"name":"{name}"}}}}}}"#
    )
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn names(reply: &TrackReply) -> Vec<&str> {
    reply.items.iter().filter_map(|item| item.name.as_deref()).collect()
}

#[test]
fn array_lines_and_single_object_are_told_apart() {
    let (a, b) = (event("a"), event("b"));
    for (what, body) in [
        ("array", format!("[{a},{b}]")),
        ("spread array", format!("\n [ {a} ,\n {b} ]\n")),
        ("lines", format!("{a}\n{b}")),
        ("lines with CRLF and blanks", format!("{a}\r\n\r\n{b}\r\n")),
        ("array with byte order mark", format!("\u{feff}[{a},{b}]")),
        ("lines with byte order mark", format!("\u{feff}{a}\n{b}\n")),
    ] {
        let reply = read(&body);
        assert_eq!(names(&reply), ["a", "b"], "{what}");
        assert_eq!((reply.received, reply.status()), (2, 200), "{what}");
        assert_eq!(reply.items[1].index, 1, "{what}: items know their place");
    }
    assert_eq!(names(&read(&a)), ["a"], "a single object");
    assert_eq!(names(&read(&a.replace(',', ",\n  "))), ["a"], "a printed single object");
}

#[test]
fn gzip_is_inflated_with_or_without_the_header() {
    let packed = gzip(format!("\u{feff}[{}]", event("a")).as_bytes());
    for encoding in [Some("gzip"), Some("GZIP"), Some("x-gzip"), None, Some("identity")] {
        let reply = read_track(&packed, encoding, &Limits::default(), NOW);
        assert_eq!(names(&reply), ["a"], "{encoding:?}");
    }
    let broken = read_track(b"[]", Some("gzip"), &Limits::default(), NOW);
    assert_eq!(broken.status(), 400, "what says gzip must be gzip");
    let cut = read_track(&packed[..packed.len() / 2], Some("gzip"), &Limits::default(), NOW);
    assert_eq!(cut.status(), 400, "a cut-off body is refused as a whole");
    let unknown = read_track(b"[]", Some("br"), &Limits::default(), NOW);
    assert_eq!(unknown.status(), 415, "brotli is not spoken");
}

#[test]
fn a_gzip_bomb_is_refused_before_it_goes_off() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000, "64 MiB of blanks pack well: {} bytes", bomb.len());
    let reply = read_track(&bomb, Some("gzip"), &Limits::default(), NOW);
    assert_eq!(reply.status(), 413, "more than 16 MiB inflated");
    assert_eq!(reply.items.len(), 0, "nothing of it is read");
}

#[test]
fn bodies_over_the_limits_are_refused_as_a_whole() {
    let limits = Limits { max_body_bytes: 1000, max_items: 2, ..Limits::default() };
    let reply = read_track(&vec![b'['; 1001], None, &limits, NOW);
    assert_eq!(reply.status(), 413, "1001 bytes where 1000 are allowed");
    let three = format!("[{}]", vec![event("a"); 3].join(","));
    let reply = read_track(three.as_bytes(), None, &limits, NOW);
    assert_eq!((reply.status(), reply.items.len()), (413, 0), "3 items where 2 are allowed");
    assert!(
        reply.json(None).contains("more than 2 items"),
        "the reason is told: {}",
        reply.json(None)
    );
    for body in ["", "   ", "\u{feff}\n"] {
        assert_eq!(read(body).status(), 400, "{body:?} holds nothing");
    }
    assert_eq!(read("[]").status(), 200, "an empty array lacks nothing");
}

#[test]
fn a_malformed_line_costs_only_itself() {
    let body = format!("{}\n{{\"data\": secret-token\n{}\nnonsense\n", event("a"), event("b"));
    let reply = read(&body);
    assert_eq!(names(&reply), ["a", "b"], "the good ones are kept");
    assert_eq!((reply.received, reply.accepted(), reply.status()), (4, 2, 206), "partly accepted");
    let places: Vec<(usize, u16)> =
        reply.errors.iter().map(|error| (error.index, error.status_code)).collect();
    assert_eq!(places, [(1, 400), (3, 400)], "each names its place; 400 is never sent again");
    assert!(
        !reply.json(None).contains("secret"),
        "an answer quotes no payload: {}",
        reply.json(None)
    );
    let array = read(&format!("[{},{{\"data\":[}},7,{}]", event("a"), event("b")));
    assert_eq!(names(&array), ["a", "b"], "in an array too");
    assert_eq!(array.errors.len(), 2, "and the two bad ones are named");
}

#[test]
fn an_oversized_item_costs_only_itself() {
    let body = format!("[{},{}]", event(&"x".repeat(70_000)), event("small"));
    let reply = read(&body);
    assert_eq!(names(&reply), ["small"], "the other is kept");
    assert_eq!((reply.errors[0].index, reply.errors[0].status_code), (0, 413), "too large");
    assert_eq!(reply.status(), 206, "partly accepted");
    assert_eq!(read(&event(&"x".repeat(70_000))).status(), 413, "alone its status is the answer's");
}

#[test]
fn answers_have_the_shape_that_exporters_read() {
    let good = read(&event("a"));
    assert_eq!(
        good.json(Some("app-1")),
        r#"{"itemsReceived":1,"itemsAccepted":1,"errors":[],"appId":"app-1"}"#,
        "errors are there even if there are none"
    );
    let bad = read(r#"{"data":{"baseType":"NoSuchData"}}"#);
    assert_eq!(bad.status(), 400, "none accepted: the status of the first");
    assert_eq!(
        bad.json(None),
        r#"{"itemsReceived":1,"itemsAccepted":0,"errors":[{"index":0,"statusCode":400,"message":"Item 0 has the unknown base type 'NoSuchData'."}]}"#
    );
    assert_eq!(response_status(5, 5, &[]), 200, "all");
    assert_eq!(response_status(5, 3, &bad.errors), 206, "some");
    assert_eq!(response_status(5, 0, &[]), 400, "none, without a reason");
    assert!(response_json(0, 0, &[], None).contains("\"errors\":[]"), "always an array");
    for body in
        [r#"{"time":"2026-11-22T18:59:00Z"}"#, r#"{"data":{}}"#, r#"{"data":null}"#, "7", "null"]
    {
        assert_eq!(read(body).status(), 400, "{body}: nobody could say what it is");
    }
}

#[test]
fn the_caller_refuses_items_after_reading() {
    let resource = r#"{"data":{"baseType":"MetricData","baseData":{"metrics":[{"name":"_OTELRESOURCE_","value":0}]}}}"#;
    let mut reply = read(&format!("{}\nnonsense\n{}\n{resource}", event("a"), event("b")));
    assert_eq!(names(&reply), ["a", "b"], "the exporter's note about itself is no metric");
    assert_eq!((reply.accepted(), reply.set_aside.len()), (3, 1), "but it counts as accepted");
    reply.refuse_where(|item| {
        (item.name.as_deref() == Some("a")).then(|| (503, "The database is busy.".to_owned()))
    });
    let places: Vec<usize> = reply.errors.iter().map(|error| error.index).collect();
    assert_eq!(places, [0, 1], "refusals stand in the order of the payload");
    assert_eq!((names(&reply), reply.status()), (vec!["b"], 206), "the rest is kept");
    reply.refuse_where(|_| Some((400, "Invalid instrumentation key".to_owned())));
    assert_eq!((reply.accepted(), reply.status()), (0, 503), "none left: the first one's status");
}

#[test]
fn times_outside_the_window_are_refused_in_azures_words() {
    let at = |time: &str| read(&event("a").replace("2026-11-22T18:59:00Z", time));
    let old = at("2026-11-20T18:59:59Z");
    assert_eq!(
        old.errors[0].message,
        "103: Field 'time' on type 'Envelope' is older than the allowed min date. \
         Expected: now - 172800000ms, Actual: now - 172801000ms"
    );
    assert_eq!(at("2026-11-20T19:00:00Z").status(), 200, "48 hours are allowed");
    assert_eq!(at("2026-11-22T21:00:01Z").status(), 400, "more than 2 hours ahead are not");
    assert_eq!(at("soon").status(), 400, "no instant at all");
    assert_eq!(at("2026-11-22T11:59:00.25-0700").items[0].at_ms, NOW - 59_750, "offset, no colon");
    let timeless = event("a").replace(r#""time":"2026-11-22T18:59:00Z","#, "");
    assert_eq!(one(&timeless).at_ms, NOW, "an item without a time happened now");
    let replay = Limits { max_age_ms: i64::MAX, ..Limits::default() };
    let body = event("a").replace("2026", "2016");
    assert_eq!(
        read_track(body.as_bytes(), None, &replay, NOW).status(),
        200,
        "fixtures can be replayed"
    );
}

#[test]
fn a_request_becomes_a_row() {
    let item = one(&format!(
        r#"{{"ver":1,"name":"Microsoft.ApplicationInsights.Request","time":"2026-11-22T18:59:00.123Z","sampleRate":20,
        "iKey":"{}","tags":{{"ai.operation.id":"a1","ai.operation.name":"GET /berth","ai.operation.parentId":"p1",
        "ai.cloud.role":"shop","ai.cloud.roleInstance":"shop-1","ai.application.ver":"sha256:9b"}},
        "data":{{"baseType":"RequestData","baseData":{{"ver":2,"id":"r1","name":"GET /berth/7","duration":"0.00:00:01.5000000",
        "responseCode":"200","success":true,"url":"http://shop/berth/7","source":"cid","properties":{{"a":"1"}},
        "measurements":{{"m":2.5}}}}}}}}"#,
        KEY.to_uppercase()
    ).replace('\n', ""));
    let expected = TelemetryItem {
        kind: TelemetryKind::Request,
        at_ms: NOW - 59_877,
        ikey: KEY.to_owned(),
        item_count: 5,
        operation_id: Some("a1".into()),
        operation_name: Some("GET /berth".into()),
        operation_parent_id: Some("p1".into()),
        role_name: Some("shop".into()),
        role_instance: Some("shop-1".into()),
        app_version: Some("sha256:9b".into()),
        id: Some("r1".into()),
        name: Some("GET /berth/7".into()),
        url: Some("http://shop/berth/7".into()),
        result_code: Some("200".into()),
        success: Some(true),
        duration_ms: Some(1500.0),
        source: Some("cid".into()),
        properties: Some(r#"{"a":"1"}"#.into()),
        measurements: Some(r#"{"m":2.5}"#.into()),
        ..TelemetryItem::default()
    };
    assert_eq!(item, expected, "every field of a request");
}

#[test]
fn sample_rates_become_counts() {
    for (rate, count) in
        [("100", 1), ("50", 2), ("33.3", 3), ("0", 1), ("null", 1), ("\"25\"", 4), ("-3", 1)]
    {
        let body = event("a").replacen('{', &format!("{{\"sampleRate\":{rate},"), 1);
        assert_eq!(one(&body).item_count, count, "sample rate {rate}");
    }
}

#[test]
fn over_long_texts_are_cut_not_refused() {
    let long = "ö".repeat(20_000);
    let body = format!(
        r#"{{"data":{{"baseType":"requestDATA","baseData":{{"id":"{0}","name":"{0}"}}}}}}"#,
        &long[..4000]
    );
    let item = one(&body);
    assert_eq!(item.kind, TelemetryKind::Request, "the base type is read in any case");
    assert_eq!(item.id.map(|id| id.chars().count()), Some(512), "ids hold 512 characters");
    assert_eq!(item.name.map(|name| name.chars().count()), Some(1024), "names hold 1024");
    let body = format!(
        r#"{{"data":{{"baseType":"EventData","baseData":{{"properties":{{"p":"{long}"}}}}}}}}"#
    );
    let properties = one(&body).properties.expect("it has one");
    assert_eq!(properties.chars().count(), 8192 + 8, "values of properties hold 8192");
    let many: Vec<String> = (0..200).map(|n| format!("\"k{n}\":\"v\"")).collect();
    let body = format!(
        r#"{{"data":{{"baseType":"EventData","baseData":{{"properties":{{{}}}}}}}}}"#,
        many.join(",")
    );
    let properties = one(&body).properties.expect("it has some");
    assert_eq!(properties.matches(":\"v\"").count(), 150, "150 properties are kept");
}

#[test]
fn every_kind_keeps_its_word() {
    use TelemetryKind::{
        Availability, Dependency, Event, Exception, Metric, PageView, Request, Trace,
    };
    for (base_type, kind) in [
        ("RequestData", Request),
        ("RemoteDependencyData", Dependency),
        ("ExceptionData", Exception),
        ("MessageData", Trace),
        ("EventData", Event),
        ("MetricData", Metric),
        ("PageViewData", PageView),
        ("PageviewData", PageView),
        ("AvailabilityData", Availability),
        ("PageviewPerformanceData", Metric),
        ("PageViewPerfData", Metric),
        ("PerformanceCounterData", Metric),
    ] {
        for data in ["{}", "null"] {
            let item =
                one(&format!(r#"{{"data":{{"baseType":"{base_type}","baseData":{data}}}}}"#));
            assert_eq!(item.kind, kind, "{base_type}: kept although everything is missing");
            assert_eq!(TelemetryKind::parse(kind.as_str()), Some(kind), "{kind:?} reads back");
        }
    }
    assert_eq!(TelemetryKind::parse("rumour"), None, "no such kind");
}
