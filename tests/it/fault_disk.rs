//! The disk that holds the database is full.

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_core::ErrorKind;
use slipway_tests::{Harbour, House, Sandbox};

/// Pages of 8 KiB: the schema fits, a few work items more do not.
const FEW_PAGES: u32 = 130;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_what_was_saved_is_intact() {
    let sandbox = Sandbox::new("disk");
    let harbour = Harbour::make(&sandbox);
    let mut options = AppOptions::new(sandbox.data(), HostKind::Test);
    options.is_active = false;
    options.max_database_pages = Some(FEW_PAGES);
    let house = House::open_with(options).await;
    let project = house.project(harbour.path()).await;
    let mut kept = 0u64;
    let refused = loop {
        let item = json!({
            "projectId": project, "itemType": "task", "title": format!("Item {}", kept + 1),
            "description": "cargo ".repeat(1_500),
        });
        match house.app.call("work_item_create", item).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 2_000, "the database has a limit of {FEW_PAGES} pages");
    };
    assert!(kept > 0, "something was saved before the disk was full");
    assert_eq!(
        (refused.kind, refused.code.as_str()),
        (ErrorKind::Unavailable, "disk_full"),
        "{refused:?}"
    );
    assert!(refused.message.contains("slipway.db"), "the file is named: {}", refused.message);
    assert!(refused.hint.is_some_and(|hint| hint.contains("space")), "and what to do");
    let while_full = house.call("work_item_list", json!({ "projectId": project })).await;
    assert_eq!(count(&while_full), kept, "reading goes on while the disk is full");
    house.close().await;

    let app = App::open(House::options(&sandbox)).await.unwrap();
    let list = app.call("work_item_list", json!({ "projectId": project })).await.unwrap();
    assert_eq!(count(&list), kept, "everything that was saved is there, and nothing by half");
    let texts =
        list.as_array().unwrap().iter().all(|item| item["description"] == "cargo ".repeat(1_500));
    assert!(texts, "word for word");
    let item = json!({ "projectId": project, "itemType": "task", "title": "There is space again" });
    app.call("work_item_create", item).await.unwrap();
    app.close().await;
    let store = slipway_store::Store::open_read_only(&sandbox.data()).await.unwrap();
    store.check_integrity().await.expect("both files are whole");
    store.close().await;
}

fn count(list: &Value) -> u64 {
    list.as_array().unwrap().len() as u64
}
