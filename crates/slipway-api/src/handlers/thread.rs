use crate::{app::App,dto::*,error::ApiError};
pub async fn thread_get(_app:&App,_r:ThreadGet)->Result<ThreadView,ApiError>{ Err(ApiError::refused("x","x")) }
