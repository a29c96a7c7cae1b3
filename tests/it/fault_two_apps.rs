//! Two Slipways on one data folder: the second refuses and names the first; the thread still reads.

use serde_json::json;
use slipway_api::app::App;
use slipway_core::ErrorKind;
use slipway_tests::{Harbour, House, Sandbox, Slipway, slipway};

#[tokio::test(flavor = "multi_thread")]
async fn the_second_app_is_refused_with_the_firsts_pid_and_the_thread_reads_beside_it() {
    let sandbox = Sandbox::new("two");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let item = json!({ "projectId": project, "itemType": "issue", "title": "Light the quay" });
    house.call("work_item_create", item).await;

    let Err(refused) = App::open(House::options(&sandbox)).await else {
        panic!("the folder is taken, in this process as well");
    };
    let own = std::process::id().to_string();
    assert_eq!(
        (refused.kind, refused.code.as_str()),
        (ErrorKind::Refused, "data_folder_in_use"),
        "{refused:?}"
    );
    assert!(refused.message.contains(&own), "the first one's pid is said: {}", refused.message);
    assert!(refused.hint.is_some(), "and what to do");

    for words in [&["run"][..], &["serve"], &["call", "project_sample"]] {
        let output = slipway(&sandbox, words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "slipway {} is refused: {said}", words.join(" "));
        assert!(said.contains(&own), "with the first one's pid: {said}");
    }
    let output = slipway(&sandbox, &["thread", "AB#1"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "the thread reads beside it: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("Light the quay"), "what the first one wrote: {said}");
    let still = house.call("work_item_list", json!({ "projectId": project })).await;
    assert_eq!(still.as_array().unwrap().len(), 1, "the first one was not disturbed");
    house.close().await;

    let again = App::open(House::options(&sandbox)).await.expect("the folder is free again");
    again.close().await;
}

#[test]
fn a_lock_left_by_a_kill_keeps_nobody_out() {
    let sandbox = Sandbox::new("lock");
    let mut first = Slipway::start(&sandbox, &["serve"]);
    first.address();
    first.kill();
    let second = Slipway::start(&sandbox, &["serve"]);
    second.address();
    assert_eq!(second.stop(), Some(0), "the next one opens the folder and ends in order");
}
