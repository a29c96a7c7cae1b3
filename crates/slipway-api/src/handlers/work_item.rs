use crate::{app::App,dto::*,error::ApiError};
pub async fn work_item_list(_app:&App,_r:ProjectRequest)->Result<Vec<WorkItemView>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn work_item_get(_app:&App,_r:WorkItemRequest)->Result<WorkItemDetail,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn work_item_create(_app:&App,_r:WorkItemCreate)->Result<WorkItemView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn work_item_update(_app:&App,_r:WorkItemUpdate)->Result<WorkItemView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn work_item_from_exception(_app:&App,_r:WorkItemFromException)->Result<WorkItemView,ApiError>{ Err(ApiError::refused("x","x")) }
