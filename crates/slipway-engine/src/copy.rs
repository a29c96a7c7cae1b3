//! Puts files into a container.
//!
//! Called by container jobs and by deployments that mount configuration. Deliberately not here:
//! copying out, making the archive.

use std::time::Duration;

use bollard::query_parameters::UploadToContainerOptionsBuilder;

use crate::call::{limited, status};
use crate::container::missing;
use crate::{Engine, EngineError};

/// Unpacking may take this long.
const COPY_LIMIT: Duration = Duration::from_secs(300);

impl Engine {
    /// Unpacks a tar archive into a folder of the container, which need not run.
    pub async fn copy_in(
        &self,
        id: &str,
        path: &str,
        tar_bytes: Vec<u8>,
    ) -> Result<(), EngineError> {
        let doing = format!("copying files to {path} in the container {id}");
        let options = UploadToContainerOptionsBuilder::default().path(path).build();
        let docker = self.streaming();
        let body = bollard::body_full(tar_bytes.into());
        let call = docker.upload_to_container(id, Some(options), body);
        limited(&doing, COPY_LIMIT, call).await.map_err(|error| match status(&error) {
            Some((404, message)) if message.contains("No such container") => missing(id),
            _ => error,
        })
    }
}
