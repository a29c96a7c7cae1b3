//! The command table: each command once, with its request, its answer, the tags its answer is cached
//! under and the tags it makes stale.
//!
//! The macro makes the list of names, the dispatcher and the TypeScript of it, so no host keeps a list
//! of its own. Handlers are plain functions in `handlers`; tests and the command line call those.

use serde_json::Value;
use slipway_core::{
    KubeContexts, KubeEventView, KubeExecPage, KubeForwardView, KubeLogPage, KubeMap,
    KubeObjectView, KubeOverview, KubeRights, KubeRows, KubeUsage, Tag,
};

use crate::app::App;
use crate::dto::*;
use crate::error::{ApiError, decode, encode};
use crate::handlers as h;

/// A command as every face sees it.
pub struct Command {
    pub name: &'static str,
    pub request: fn(&mut crate::bindings::Collected) -> String,
    pub response: fn(&mut crate::bindings::Collected) -> String,
    pub provides: &'static [Tag],
    pub invalidates: &'static [Tag],
    /// Changes something; a face asks for it with a click, never by itself.
    pub is_mutation: bool,
}

/// Every tag, for a listener that missed events.
pub const ALL_TAGS: [Tag; 15] = [
    Tag::App,
    Tag::Project,
    Tag::Change,
    Tag::Commit,
    Tag::Pipeline,
    Tag::Run,
    Tag::Log,
    Tag::Image,
    Tag::Environment,
    Tag::Library,
    Tag::Deployment,
    Tag::Telemetry,
    Tag::WorkItem,
    Tag::Thread,
    Tag::Approval,
];

macro_rules! commands {
    ($(
        $verb:ident $name:ident($request:ty) -> $response:ty
            $(, provides $provides:tt)? $(, invalidates $invalidates:tt)? => $handler:path;
    )*) => {
        /// Every command.
        pub const COMMANDS: &[Command] = &[$(
            Command {
                name: stringify!($name),
                request: crate::bindings::collect::<$request>,
                response: crate::bindings::collect::<$response>,
                provides: commands!(@tags $($provides)?),
                invalidates: commands!(@tags $($invalidates)?),
                is_mutation: commands!(@is_mutation $verb),
            },
        )*];

        /// Calls a command by its name with a JSON request.
        pub async fn dispatch(app: &App, name: &str, payload: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = decode(stringify!($name), payload)?;
                    let response: $response = $handler(app, request).await?;
                    let stale = commands!(@tags $($invalidates)?);
                    if !stale.is_empty() {
                        app.changed(stale);
                    }
                    encode(stringify!($name), &response)
                })*
                unknown => Err(ApiError::unknown_command(unknown)),
            }
        }
    };
    (@tags) => { &[] };
    (@tags [$($tag:ident)*]) => { &[$(Tag::$tag),*] };
    (@is_mutation query) => { false };
    (@is_mutation mutation) => { true };
}

commands! {
    query app_get(Nothing) -> AppView, provides [App] => h::app::app_get;
    query project_list(Nothing) -> Vec<ProjectView>, provides [Project] => h::app::project_list;
    mutation project_open(ProjectOpen) -> ProjectView, invalidates [Project] => h::app::project_open;
    mutation project_sample(Nothing) -> ProjectView, invalidates [Project Change Commit] => h::app::project_sample;

    query loop_get(ProjectRequest) -> LoopView,
        provides [Project Change Commit Run Image Deployment Telemetry WorkItem App] => h::loops::loop_get;
    mutation loop_run(LoopRun) -> RunStarted, invalidates [Change Commit Run] => h::loops::loop_run;

    query change_list(ProjectRequest) -> ChangesView, provides [Change Commit] => h::change::change_list;
    query change_diff(ChangeDiff) -> FileDiff, provides [Change Commit] => h::change::change_diff;
    mutation change_stage(ChangePaths) -> Done, invalidates [Change] => h::change::change_stage;
    mutation change_unstage(ChangePaths) -> Done, invalidates [Change] => h::change::change_unstage;
    mutation commit_create(CommitCreate) -> CommitCreated,
        invalidates [Change Commit Run WorkItem Thread] => h::change::commit_create;
    query commit_list(CommitList) -> Vec<CommitView>, provides [Commit Run] => h::change::commit_list;

    query pipeline_get(ProjectRequest) -> PipelineView, provides [Pipeline Change Commit] => h::pipeline::pipeline_get;
    query pipeline_complete(PipelineAt) -> Vec<CompletionView>,
        provides [Environment Library] => h::assist::pipeline_complete;
    query pipeline_hover(PipelineAt) -> PipelineHoverView => h::assist::pipeline_hover;
    query pipeline_definition(PipelineAt) -> PipelineDefinitionView => h::assist::pipeline_definition;
    query pipeline_check(PipelineCheck) -> PipelineChecked => h::assist::pipeline_check;
    query pipeline_board(PipelineBoard) -> BoardView => h::board::pipeline_board;
    query pipeline_node(PipelineNode) -> PipelineNodeView => h::board::pipeline_node;
    query pipeline_gesture(PipelineGesture) -> GestureView => h::gesture::pipeline_gesture;
    query pipeline_copy(PipelineCopy) -> CopiedView => h::gesture::pipeline_copy;
    query pipeline_expand(PipelineExpand) -> ExpandedView => h::expand::pipeline_expand;
    query pipeline_trigger(PipelineTrigger) -> TriggerView => h::expand::pipeline_trigger;
    query pipeline_message(PipelineMessage) -> PipelineMessageView => h::expand::pipeline_message;
    mutation pipeline_save(PipelineSave) -> PipelineView, invalidates [Pipeline Change] => h::pipeline::pipeline_save;
    query pipeline_committed(ProjectRequest) -> PipelineCommittedText, provides [Commit] => h::pipeline::pipeline_committed;
    mutation pipeline_commit(PipelineCommit) -> PipelineCommitted,
        invalidates [Project Pipeline Change Commit Run WorkItem Thread] => h::pipeline::pipeline_commit;
    query pipeline_propose(PipelinePropose) -> ProposalView,
        provides [Pipeline Change Commit] => h::proposal::pipeline_propose;
    mutation pipeline_propose_apply(PipelineProposeApply) -> ProposalApplied,
        invalidates [Project Pipeline Change Commit Run WorkItem Thread] => h::proposal::pipeline_propose_apply;

    query pipeline_history(PipelineHistoryGet) -> PipelineHistoryView, provides [Pipeline Thread] => h::history::pipeline_history;

    query pool_mapping_list(PoolMappingList) -> Vec<PoolMappingView>,
        provides [Pipeline Change] => h::pool::pool_mapping_list;
    mutation pool_mapping_set(PoolMappingSet) -> PoolMappingView,
        invalidates [Pipeline] => h::pool::pool_mapping_set;
    mutation pool_mapping_remove(PoolMappingRemove) -> Done,
        invalidates [Pipeline] => h::pool::pool_mapping_remove;

    query repository_mapping_list(ProjectRequest) -> Vec<RepositoryMappingView>,
        provides [Pipeline] => h::repository::repository_mapping_list;
    mutation repository_mapping_set(RepositoryMappingSet) -> RepositoryMappingView,
        invalidates [Pipeline] => h::repository::repository_mapping_set;
    mutation repository_mapping_remove(RepositoryMappingRemove) -> Done,
        invalidates [Pipeline] => h::repository::repository_mapping_remove;

    query secrets_get(Nothing) -> SecretsView, provides [Library] => h::library::secrets_get;
    mutation secrets_passphrase(SecretsPassphrase) -> SecretsView, invalidates [Library] => h::library::secrets_passphrase;
    mutation secret_set(SecretSet) -> Done, invalidates [Library] => h::library::secret_set;
    query variable_group_list(ProjectRequest) -> Vec<VariableGroupView>,
        provides [Library] => h::library::variable_group_list;
    query variable_group_get(VariableGroupRequest) -> VariableGroupView,
        provides [Library] => h::library::variable_group_get;
    mutation variable_group_save(VariableGroupSave) -> VariableGroupView,
        invalidates [Library] => h::library::variable_group_save;
    mutation variable_group_remove(VariableGroupRequest) -> Done, invalidates [Library] => h::library::variable_group_remove;
    query azure_devops_get(ProjectRequest) -> AzureDevOpsView, provides [Library] => h::library::azure_devops_get;
    mutation variable_group_read(VariableGroupRead) -> GroupsRead, invalidates [Library] => h::library::variable_group_read;
    query pipeline_variable_list(ProjectRequest) -> Vec<PipelineVariableView>,
        provides [Library] => h::library::pipeline_variable_list;
    mutation pipeline_variable_save(PipelineVariableSave) -> PipelineVariableView,
        invalidates [Library] => h::library::pipeline_variable_save;
    mutation pipeline_variable_remove(PipelineVariableRemove) -> Done,
        invalidates [Library] => h::library::pipeline_variable_remove;
    query secure_file_list(ProjectRequest) -> Vec<SecureFileView>, provides [Library] => h::library::secure_file_list;
    mutation secure_file_add(SecureFileAdd) -> SecureFileView, invalidates [Library] => h::library::secure_file_add;
    mutation secure_file_remove(SecureFileRemove) -> Done, invalidates [Library] => h::library::secure_file_remove;

    query run_form_get(RunFormGet) -> RunForm, provides [Library Commit Pipeline] => h::run::run_form_get;
    query task_list(Nothing) -> Vec<TaskView>, provides [Pipeline] => h::task::task_list;
    mutation task_replace(TaskReplace) -> Done, invalidates [Pipeline] => h::task::task_replace;
    query task_folder_list(Nothing) -> Vec<TaskFolderView>, provides [Pipeline] => h::task::task_folder_list;
    mutation task_folder_add(TaskFolderAdd) -> TaskFolderView, invalidates [Pipeline] => h::task::task_folder_add;
    mutation task_folder_remove(TaskFolderRemove) -> Done, invalidates [Pipeline] => h::task::task_folder_remove;

    query run_list(RunList) -> Vec<RunSummary>, provides [Run] => h::run::run_list;
    query run_get(RunRequest) -> RunView, provides [Run Image Deployment] => h::run::run_get;
    query run_check(RunCheck) -> RunCheckView, provides [Pipeline Commit] => h::run::run_check;
    query run_attachment(AttachmentRequest) -> AttachmentText, provides [Run] => h::run::run_attachment;
    mutation run_start(RunStart) -> RunStarted, invalidates [Run Thread] => h::run::run_start;
    mutation run_cancel(RunRequest) -> Done, invalidates [Run] => h::run::run_cancel;
    mutation run_rerun(RunRerun) -> RunStarted, invalidates [Run Thread] => h::run::run_rerun;
    query log_get(LogGet) -> LogPage, provides [Log] => h::run::log_get;
    query log_search(LogSearch) -> LogMatches, provides [Log] => h::run::log_search;
    query test_list(RunRequest) -> Vec<TestCaseView>, provides [Run] => h::run::test_list;
    query coverage_list(RunRequest) -> Vec<FileCoverageView>, provides [Run] => h::run::coverage_list;

    query cache_list(Nothing) -> Vec<CacheView>, provides [Run] => h::cache::cache_list;
    mutation cache_remove(CacheRemove) -> CacheRemoved, invalidates [Run] => h::cache::cache_remove;

    query registry_get(Nothing) -> RegistryView, provides [Image App] => h::image::registry_get;
    query image_list(ProjectRequest) -> Vec<ImageView>, provides [Image Deployment Run] => h::image::image_list;
    query image_get(ImageRequest) -> ImageDetail, provides [Image Deployment Run] => h::image::image_get;

    query environment_list(ProjectRequest) -> Vec<EnvironmentView>,
        provides [Environment Deployment] => h::deploy::environment_list;
    mutation environment_save(EnvironmentSave) -> EnvironmentView, invalidates [Environment] => h::deploy::environment_save;
    mutation environment_order(EnvironmentOrder) -> Done, invalidates [Environment] => h::promotion::environment_order;
    mutation environment_release(EnvironmentRequest) -> Done,
        invalidates [Environment Deployment] => h::promotion::environment_release;
    mutation environment_remove(EnvironmentRequest) -> Done,
        invalidates [Environment Deployment] => h::promotion::environment_remove;
    query promotion_board(ProjectRequest) -> PromotionBoard,
        provides [Environment Deployment Image Approval Telemetry] => h::promotion::promotion_board;
    mutation drift_check(EnvironmentRequest) -> DriftView, invalidates [Deployment] => h::promotion::drift_check;
    query deployment_plan(DeploymentPlanGet) -> DeploymentPlanView => h::promotion::deployment_plan;
    mutation deployment_start(DeploymentStart) -> DeploymentStarted,
        invalidates [Environment Deployment Thread] => h::promotion::deployment_start;
    mutation strategy_finish(StrategyFinish) -> StrategyFinished,
        invalidates [Environment Deployment Thread] => h::promotion::strategy_finish;
    mutation deployment_cancel(DeploymentRequest) -> Done, invalidates [Deployment] => h::promotion::deployment_cancel;
    query deployment_log(DeploymentRequest) -> DeploymentLog, provides [Deployment] => h::promotion::deployment_log;
    query deployment_list(DeploymentList) -> Vec<DeploymentView>, provides [Deployment Telemetry] => h::deploy::deployment_list;
    query deployment_get(DeploymentRequest) -> DeploymentView, provides [Deployment Telemetry] => h::deploy::deployment_get;
    query pod_log_get(PodLogGet) -> PodLog, provides [Deployment] => h::deploy::pod_log_get;

    query kube_context_list(Nothing) -> KubeContexts => h::kube::kube_context_list;
    query kube_overview(KubeContextRequest) -> KubeOverview => h::kube::kube_overview;
    query kube_rights(KubeNamespaceRequest) -> KubeRights => h::kube::kube_rights;
    mutation kube_watch_start(KubeWatchStart) -> KubeWatchStarted => h::kube::kube_watch_start;
    query kube_rows(KubeRowsGet) -> KubeRows => h::kube::kube_rows;
    mutation kube_watch_stop(KubeWatchRequest) -> Done => h::kube::kube_watch_stop;
    query kube_object(KubeObjectRequest) -> KubeObjectView => h::kube::kube_object;
    query kube_events(KubeEventList) -> Vec<KubeEventView> => h::kube::kube_events;
    query kube_object_diff(KubeObjectDiff) -> ObjectPlan => h::kube::kube_object_diff;
    mutation kube_object_apply(KubeObjectApply) -> KubeObjectView => h::kube::kube_object_apply;
    mutation kube_scale(KubeScale) -> Done => h::kube::kube_scale;
    mutation kube_restart(KubeObjectRequest) -> Done => h::kube::kube_restart;
    mutation kube_delete(KubeDelete) -> Done => h::kube::kube_delete;
    query kube_map(KubeNamespaceRequest) -> KubeMap => h::kube::kube_map;
    query kube_usage(KubeNamespaceRequest) -> KubeUsage => h::kube::kube_usage;
    mutation kube_log_start(KubeLogStart) -> KubeLogStarted => h::kube::kube_log_start;
    query kube_log_page(KubeLogGet) -> KubeLogPage => h::kube::kube_log_page;
    mutation kube_log_stop(KubeLogRequest) -> Done => h::kube::kube_log_stop;
    mutation kube_exec_start(KubeExecStart) -> KubeExecStarted => h::kube::kube_exec_start;
    mutation kube_exec_send(KubeExecSend) -> Done => h::kube::kube_exec_send;
    mutation kube_exec_resize(KubeExecResize) -> Done => h::kube::kube_exec_resize;
    query kube_exec_page(KubeExecGet) -> KubeExecPage => h::kube::kube_exec_page;
    mutation kube_exec_stop(KubeExecRequest) -> Done => h::kube::kube_exec_stop;
    mutation kube_forward_start(KubeForwardStart) -> KubeForwardView => h::kube::kube_forward_start;
    query kube_forward_list(Nothing) -> Vec<KubeForwardView> => h::kube::kube_forward_list;
    mutation kube_forward_stop(KubeForwardRequest) -> Done => h::kube::kube_forward_stop;

    query azure_get(Nothing) -> AzureView, provides [Environment] => h::azure::azure_get;
    mutation azure_sign_in(EntraSignIn) -> AzureView, invalidates [Environment] => h::azure::azure_sign_in;
    mutation azure_sign_out(Nothing) -> AzureView, invalidates [Environment] => h::azure::azure_sign_out;
    query azure_cluster_list(Nothing) -> Vec<AzureSubscriptionView>,
        provides [Environment] => h::azure::azure_cluster_list;
    mutation azure_cluster_connect(AzureClusterRequest) -> AzureContextView,
        invalidates [Environment] => h::azure::azure_cluster_connect;
    mutation azure_cluster_forget(AzureContextRequest) -> AzureView,
        invalidates [Environment] => h::azure::azure_cluster_forget;
    query azure_pull_get(AzurePullGet) -> AzurePullView, provides [Environment] => h::azure::azure_pull_get;

    query check_list(CheckList) -> EnvironmentChecks, provides [Environment] => h::approval::check_list;
    mutation check_save(CheckSave) -> EnvironmentChecks, invalidates [Environment] => h::approval::check_save;
    query approval_list(ApprovalList) -> Vec<ApprovalView>, provides [Approval] => h::approval::approval_list;
    mutation approval_answer(ApprovalAnswerGive) -> ApprovalView, invalidates [Approval Run] => h::approval::approval_answer;
    mutation stage_start(StageStart) -> ApprovalView, invalidates [Approval Run] => h::approval::stage_start;

    query telemetry_get(TelemetryGet) -> TelemetryOverview, provides [Telemetry WorkItem] => h::telemetry::telemetry_get;
    query chart_get(ChartGet) -> ChartView, provides [Telemetry Deployment] => h::telemetry::chart_get;
    mutation report_write(ReportWrite) -> ReportFiles => h::telemetry::report_write;

    query work_item_list(ProjectRequest) -> Vec<WorkItemView>,
        provides [WorkItem Commit Run Deployment] => h::work_item::work_item_list;
    query work_item_get(WorkItemRequest) -> WorkItemDetail,
        provides [WorkItem Commit Run Deployment Telemetry] => h::work_item::work_item_get;
    mutation work_item_create(WorkItemCreate) -> WorkItemView, invalidates [WorkItem Thread] => h::work_item::work_item_create;
    mutation work_item_update(WorkItemUpdate) -> WorkItemView, invalidates [WorkItem Thread] => h::work_item::work_item_update;
    mutation work_item_from_exception(WorkItemFromException) -> WorkItemView,
        invalidates [WorkItem Telemetry Thread] => h::work_item::work_item_from_exception;

    query thread_get(ThreadGet) -> ThreadView,
        provides [Thread Commit Run Image Deployment Telemetry WorkItem] => h::thread::thread_get;
}
