//! What each known SDK sends that a strict reader would refuse (spec/azure.md 4.5), in payloads of
//! our own.

use slipway_telemetry::ingest::{Limits, MetricValue, TelemetryItem, TelemetryKind, read_track};

const NOW: i64 = 1_795_374_000_000;

/// The item of an envelope around `data`.
fn item(data: &str) -> TelemetryItem {
    envelope(&format!(r#"{{"time":"2026-11-22T18:59:00Z","data":{data}}}"#))
}

fn envelope(body: &str) -> TelemetryItem {
    let mut reply = read_track(body.as_bytes(), None, &Limits::default(), NOW);
    assert_eq!((reply.status(), reply.items.len()), (200, 1), "{body}: {:?}", reply.errors);
    reply.items.remove(0)
}

#[test]
fn javascript_2_page_views_have_no_id() {
    let view = item(
        r#"{"baseType":"PageViewData","baseData":{"ver":2,"name":"Quay","url":"http://q/","duration":"00:00:00.250"}}"#,
    );
    assert_eq!(
        (view.kind, view.id, view.duration_ms),
        (TelemetryKind::PageView, None, Some(250.0))
    );
}

#[test]
fn the_browser_sdk_spells_and_nests_in_its_own_way() {
    let view = envelope(
        r#"{"name":"Microsoft.ApplicationInsights.5f1d7a520c3e4b8a8d551f00ba7c0de5.Pageview","tags":{"ai.user.id":"u","ai.session.id":"s"},
        "data":{"baseType":"PageviewData","baseData":{"name":"Quay","id":"v1","properties":{"refUri":""},"measurements":{}}}}"#
            .replace('\n', "").as_str(),
    );
    assert_eq!(
        view.ikey, "5f1d7a52-0c3e-4b8a-8d55-1f00ba7c0de5",
        "the key stands only in the name"
    );
    assert_eq!(view.properties.as_deref(), Some(r#"{"refUri":""}"#), "an empty property is one");
    assert_eq!(view.measurements, None, "an empty bag is none");
    assert_eq!((view.user_id.as_deref(), view.session_id.as_deref()), (Some("u"), Some("s")));
    let timing = item(
        r#"{"baseType":"PageviewPerformanceData","baseData":{"perfTotal":"00:00:01.5","url":"http://q/"}}"#,
    );
    let metric = timing.metric.expect("a timing is a metric");
    assert_eq!((timing.kind, metric.value), (TelemetryKind::Metric, 1500.0), "no second page view");
}

#[test]
fn the_old_python_sdk_sends_numbers_for_texts() {
    let view = item(r#"{"baseType":"PageViewData","baseData":{"name":"v","duration":0}}"#);
    assert_eq!(view.duration_ms, Some(0.0), "a number is milliseconds");
    let call = item(
        r#"{"baseType":"RemoteDependencyData","baseData":{"name":"pilot","success":3,"resultCode":204,"duration":12.5}}"#,
    );
    assert_eq!((call.success, call.duration_ms), (Some(true), Some(12.5)), "3 is success");
    assert_eq!(call.result_code.as_deref(), Some("204"), "a number where a text belongs");
    let metric = item(
        r#"{"baseType":"MetricData","baseData":{"metrics":[{"name":"tide","kind":1,"value":42,"count":null,"min":null,"max":null,"stdDev":null},{"name":"second","value":1}]}}"#,
    );
    assert_eq!(metric.name.as_deref(), Some("tide"), "only the first is kept");
    assert_eq!(metric.metric, Some(MetricValue { value: 42.0, ..MetricValue::default() }));
}

#[test]
fn opencensus_sends_odd_ids_and_typed_properties() {
    let log = envelope(
        r#"{"tags":{"ai.operation.id":"00000000000000000000000000000000","ai.operation.parentId":"|00000000000000000000000000000000.0000000000000000."},"data":{"baseData":{"message":"hi","severityLevel":2,"properties":{"lineNumber":9,"isMain":true,"none":null,"nested":{"a":[1]}}},"baseType":"MessageData"}}"#,
    );
    assert_eq!((log.operation_id, log.operation_parent_id), (None, None), "zeros are no id");
    assert_eq!(
        log.properties.as_deref(),
        Some(r#"{"lineNumber":"9","isMain":"true","nested":"{\"a\":[1]}"}"#),
        "properties become texts, null is absent, baseData may come before baseType"
    );
    let call = envelope(
        r#"{"tags":{"ai.operation.id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","ai.operation.parentId":"|0a1b2c3d4e5f60718293a4b5c6d7e8f9.1122334455667788."},"data":{"baseType":"RemoteDependencyData","baseData":{"name":"n"}}}"#,
    );
    assert_eq!(call.operation_parent_id.as_deref(), Some("1122334455667788"), "the span's own id");
}

#[test]
fn the_rust_crate_writes_null_for_everything() {
    let call = envelope(
        r#"{"ver":1,"name":"n","time":"2026-11-22T18:59:00.469Z","sampleRate":100.0,"seq":null,"iKey":null,"flags":null,"tags":null,"data":{"baseType":"RemoteDependencyData","baseData":{"ver":2,"name":"GET x","id":null,"resultCode":null,"duration":"0.00:00:00.0000000","success":null,"data":null,"target":"h","type":"HTTP","properties":null,"measurements":null}}}"#,
    );
    assert_eq!(call.success, Some(true), "null is absent, and absent is success");
    assert_eq!(
        (call.target.as_deref(), call.dependency_type.as_deref()),
        (Some("h"), Some("HTTP"))
    );
    assert_eq!((call.id, call.ikey.as_str()), (None, ""), "null is absent");
    let log =
        item(r#"{"baseType":"MessageData","baseData":{"message":"m","severityLevel":"Warning"}}"#);
    assert_eq!(log.severity, Some(2), "a severity by name");
}

#[test]
fn rust_opentelemetry_leaves_success_out() {
    let call = item(
        r#"{"baseType":"RemoteDependencyData","baseData":{"name":"q","resultCode":"0","duration":"0.00:00:00.000020"}}"#,
    );
    assert_eq!((call.success, call.duration_ms), (Some(true), Some(0.02)), "default is success");
}

#[test]
fn javascript_3_names_severities_and_measures_availability() {
    for (text, level) in [("\"Verbose\"", 0), ("\"critical\"", 4), ("3", 3), ("\"1\"", 1)] {
        let log =
            item(&format!(r#"{{"baseType":"MessageData","baseData":{{"severityLevel":{text}}}}}"#));
        assert_eq!(log.severity, Some(level), "{text}");
    }
    for (text, success) in [
        ("true", true),
        ("\"True\"", true),
        ("1", true),
        ("0", false),
        ("\"false\"", false),
        ("null", false),
    ] {
        let probe = item(&format!(
            r#"{{"baseType":"AvailabilityData","baseData":{{"name":"home","duration":"00:00:00.012","success":{text},"runLocation":"quay","message":"ok"}}}}"#
        ));
        assert_eq!(probe.success, Some(success), "availability success {text}");
        assert_eq!(probe.run_location.as_deref(), Some("quay"), "where it was measured");
    }
}

#[test]
fn exceptions_are_grouped_by_type_and_top_method() {
    let data = |exceptions: &str, more: &str| {
        let body = format!(
            r#"{{"baseType":"ExceptionData","baseData":{{"exceptions":{exceptions}{more}}}}}"#
        );
        let item = item(&body);
        (item.message, item.exception.expect("it is an exception"), item.severity)
    };
    let frames = r#"[{"typeName":"BerthTaken","message":"7","parsedStack":[{"level":1,"method":"serve","fileName":"s.js","line":9},{"level":0,"method":"reserve","fileName":"b.js","line":4}]},{"typeName":"Inner","message":"deep\nmore"}]"#;
    let (message, detail, severity) = data(frames, r#","severityLevel":3"#);
    assert_eq!((message.as_deref(), severity), (Some("7"), Some(3)), "the outer message");
    assert_eq!(detail.problem_id, "BerthTaken at reserve", "level 0 threw, wherever it stands");
    assert_eq!(
        detail.stack,
        ["at reserve (b.js:4)", "at serve (s.js:9)", "caused by Inner: deep"],
        "frames from the throwing one outwards, then what caused it"
    );
    let (_, detail, _) = data(frames, r#","problemId":"mine""#);
    assert_eq!(detail.problem_id, "mine", "the client's own id wins");
    let (_, detail, _) = data(
        r#"[{"typeName":"TypeError","stack":"TypeError: no\n    at Cart.add (/app/c.js:1:2)\n"}]"#,
        "",
    );
    assert_eq!(detail.problem_id, "TypeError at Cart.add", "read from a printed stack");
    assert_eq!(detail.stack.len(), 2, "kept line by line");
    let no_method = r#"[{"typeName":"Error","parsedStack":[{"level":0,"method":"<no_method>","assembly":"at node:main:28","fileName":"node:main","line":28}]}]"#;
    let (_, detail, _) = data(no_method, "");
    assert_eq!(detail.problem_id, "Error at node:main", "the file if no method is known");
    assert_eq!(detail.stack, ["at node:main:28"], "what the client printed");
    let (_, detail, _) = data("null", "");
    assert_eq!(detail.problem_id, "Exception", "kept although nothing is known");
    let many: Vec<String> =
        (0..300).map(|n| format!(r#"{{"level":{n},"method":"m{n}"}}"#)).collect();
    let (_, detail, _) = data(&format!(r#"[{{"parsedStack":[{}]}}]"#, many.join(",")), "");
    assert_eq!(detail.stack.len(), 200, "a runaway recursion is cut");
}
