//! Puts files into a container, and tells whether one is there.
//!
//! Called by container jobs and by deployments that mount configuration. Deliberately not here:
//! copying out, making the archive.

use std::time::Duration;

use bollard::query_parameters::{
    ContainerArchiveInfoOptionsBuilder, UploadToContainerOptionsBuilder,
};

use crate::call::{ANSWER_LIMIT, limited, status};
use crate::container::missing;
use crate::{Engine, EngineError};

/// Unpacking may take this long.
const COPY_LIMIT: Duration = Duration::from_secs(300);

impl Engine {
    /// True if the container, which need not run, has something at this path.
    pub async fn has_file(&self, id: &str, path: &str) -> Result<bool, EngineError> {
        let doing = format!("looking for {path} in the container {id}");
        let options = ContainerArchiveInfoOptionsBuilder::default().path(path).build();
        let call = self.docker().get_container_archive_info(id, Some(options));
        match limited(&doing, ANSWER_LIMIT, call).await {
            Ok(_) => Ok(true),
            // 500 is what it answers where a part of the path is a file; a HEAD has no words with it.
            Err(error) if matches!(status(&error), Some((404 | 500, _))) => Ok(false),
            Err(error) => Err(error),
        }
    }

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
