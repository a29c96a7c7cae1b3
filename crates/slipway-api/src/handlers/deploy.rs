use crate::{app::App,dto::*,error::ApiError};
pub async fn environment_list(_app:&App,_r:ProjectRequest)->Result<Vec<EnvironmentView>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn environment_save(_app:&App,_r:EnvironmentSave)->Result<EnvironmentView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn deployment_list(_app:&App,_r:DeploymentList)->Result<Vec<DeploymentView>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn deployment_get(_app:&App,_r:DeploymentRequest)->Result<DeploymentView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn pod_log_get(_app:&App,_r:PodLogGet)->Result<PodLog,ApiError>{ Err(ApiError::refused("x","x")) }
