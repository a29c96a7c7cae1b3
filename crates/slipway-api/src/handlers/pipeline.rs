use crate::{app::App,dto::*,error::ApiError};
pub async fn pipeline_get(_app:&App,_r:ProjectRequest)->Result<PipelineView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn pipeline_save(_app:&App,_r:PipelineSave)->Result<PipelineView,ApiError>{ Err(ApiError::refused("x","x")) }
