use crate::{app::App,dto::*,error::ApiError};
pub async fn app_get(_app:&App,_r:Nothing)->Result<AppView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn project_list(_app:&App,_r:Nothing)->Result<Vec<ProjectView>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn project_open(_app:&App,_r:ProjectOpen)->Result<ProjectView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn project_sample(_app:&App,_r:Nothing)->Result<ProjectView,ApiError>{ Err(ApiError::refused("x","x")) }
