use crate::{app::App,dto::*,error::ApiError};
pub async fn run_list(_app:&App,_r:RunList)->Result<Vec<RunSummary>,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn run_get(_app:&App,_r:RunRequest)->Result<RunView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn run_start(_app:&App,_r:RunStart)->Result<RunStarted,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn run_cancel(_app:&App,_r:RunRequest)->Result<Done,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn run_rerun(_app:&App,_r:RunRequest)->Result<RunStarted,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn log_get(_app:&App,_r:LogGet)->Result<LogPage,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn test_list(_app:&App,_r:RunRequest)->Result<Vec<TestCaseView>,ApiError>{ Err(ApiError::refused("x","x")) }
