use crate::{app::App,dto::*,error::ApiError};
pub async fn loop_get(_app:&App,_r:ProjectRequest)->Result<LoopView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn loop_run(_app:&App,_r:LoopRun)->Result<RunStarted,ApiError>{ Err(ApiError::refused("x","x")) }
