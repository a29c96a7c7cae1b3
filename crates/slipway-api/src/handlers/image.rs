use crate::{app::App,dto::*,error::ApiError};
pub async fn registry_get(_app:&App,_r:Nothing)->Result<RegistryView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn image_list(_app:&App,_r:ProjectRequest)->Result<Vec<ImageView>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn image_get(_app:&App,_r:ImageRequest)->Result<ImageDetail,ApiError>{ Err(ApiError::refused("x","x")) }
