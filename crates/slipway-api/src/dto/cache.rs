//! Caches that runs keep for later runs.

use slipway_core::Timestamp;

use super::{answer, request};

answer! {
    /// What `Cache@2` kept.
    pub struct CacheView {
        pub id: String,
        /// The project whose pipeline it belongs to.
        pub project: String,
        pub branch: String,
        pub key: String,
        pub paths: Vec<String>,
        #[ts(type = "number")]
        pub size_bytes: i64,
        #[ts(type = "number")]
        pub created_at: Timestamp,
        #[ts(type = "number")]
        pub used_at: Timestamp,
    }

    /// How many caches went.
    #[derive(Eq, Copy)]
    pub struct CacheRemoved {
        pub count: u32,
    }
}

request! {
    /// Removes caches.
    pub struct CacheRemove {
        /// All of them if left out.
        #[serde(default)]
        pub ids: Option<Vec<String>>,
    }
}
