use crate::{app::App,dto::*,error::ApiError};
pub async fn change_list(_app:&App,_r:ProjectRequest)->Result<ChangesView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn change_diff(_app:&App,_r:ChangeDiff)->Result<FileDiff,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn change_stage(_app:&App,_r:ChangePaths)->Result<Done,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn change_unstage(_app:&App,_r:ChangePaths)->Result<Done,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn commit_create(_app:&App,_r:CommitCreate)->Result<CommitCreated,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn commit_list(_app:&App,_r:CommitList)->Result<Vec<CommitView>,ApiError>{ Err(ApiError::refused("x","x")) }
