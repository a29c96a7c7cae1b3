use crate::{app::App,dto::*,error::ApiError};
pub async fn telemetry_get(_app:&App,_r:TelemetryGet)->Result<TelemetryOverview,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn chart_get(_app:&App,_r:ChartGet)->Result<ChartView,ApiError>{ Err(ApiError::refused("x","x")) }
pub async fn report_write(_app:&App,_r:ReportWrite)->Result<ReportFiles,ApiError>{ Err(ApiError::refused("x","x")) }
