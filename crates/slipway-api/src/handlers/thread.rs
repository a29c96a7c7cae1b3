//! The golden thread of any object.

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Everything that hangs together with an object.
pub async fn thread_get(app: &App, request: ThreadGet) -> Result<ThreadView, ApiError> {
    app.thread(request.project_id.as_ref(), request.key.trim()).await
}
