//! The cluster view: thin faces of `slipway_deploy::KubeViews`. Every call names its context.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use slipway_core::{
    ErrorKind, KubeContextView, KubeContexts, KubeEventView, KubeExecPage, KubeForwardView,
    KubeLogPage, KubeMap, KubeObjectView, KubeOverview, KubeRights, KubeRows, KubeSignIn,
    KubeUsage,
};
use slipway_deploy::{ExecWanted, ForwardWanted, LogsWanted, ObjectPath, RowsWanted};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::kube::kind;
use crate::plans::object_plan;

/// More rows than any window shows.
const MOST_ROWS: u32 = 1_000;
/// Lines of a container that a log may begin with, and lines of one answer.
const MOST_TAIL: u32 = 10_000;
const MOST_LINES: u32 = 5_000;

/// The object that a request names.
macro_rules! path {
    ($request:expr) => {
        ObjectPath {
            kind: kind(&$request.group, &$request.version, &$request.plural),
            namespace: $request.namespace.clone(),
            name: $request.name.clone(),
        }
    };
}

/// Every context of the kubeconfig, and every cluster connected through the sign-in to Azure.
pub async fn kube_context_list(app: &App, _: Nothing) -> Result<KubeContexts, ApiError> {
    let mut list = app.kube.contexts();
    let connected = app.azure_contexts().await?.into_iter().map(|one| KubeContextView {
        name: one.context,
        cluster: one.name,
        user: String::new(),
        namespace: String::new(),
        server: one.server,
        sign_in: KubeSignIn::Azure,
        is_current: false,
    });
    list.contexts.extend(connected);
    Ok(list)
}

/// What a cluster offers.
pub async fn kube_overview(
    app: &App,
    request: KubeContextRequest,
) -> Result<KubeOverview, ApiError> {
    Ok(app.kube.overview(&request.context).await?)
}

/// What the user may do in a namespace.
pub async fn kube_rights(app: &App, request: KubeNamespaceRequest) -> Result<KubeRights, ApiError> {
    Ok(app.kube.rights(&request.context, &request.namespace).await?)
}

/// Begins to watch a kind.
pub async fn kube_watch_start(
    app: &App,
    request: KubeWatchStart,
) -> Result<KubeWatchStarted, ApiError> {
    let kind = kind(&request.group, &request.version, &request.plural);
    let watch_id = app.kube.watch(&request.context, &request.namespace, &kind)?;
    Ok(KubeWatchStarted { watch_id })
}

/// The rows that a page shows.
pub async fn kube_rows(app: &App, request: KubeRowsGet) -> Result<KubeRows, ApiError> {
    let wanted = RowsWanted {
        filter: request.filter,
        sort: request.sort.map(|sort| (sort.column, sort.is_descending)),
        offset: request.offset as usize,
        limit: request.limit.min(MOST_ROWS) as usize,
    };
    Ok(app.kube.rows(&request.watch_id, &wanted)?)
}

/// Lets go of a watch.
pub async fn kube_watch_stop(app: &App, request: KubeWatchRequest) -> Result<Done, ApiError> {
    app.kube.unwatch(&request.watch_id);
    Ok(Done {})
}

/// One object.
pub async fn kube_object(
    app: &App,
    request: KubeObjectRequest,
) -> Result<KubeObjectView, ApiError> {
    let at = path!(request);
    Ok(app.kube.object(&request.context, &at).await?)
}

/// Events, newest first.
pub async fn kube_events(
    app: &App,
    request: KubeEventList,
) -> Result<Vec<KubeEventView>, ApiError> {
    let limit = request.limit.clamp(1, MOST_ROWS) as usize;
    Ok(app.kube.events(&request.context, &request.namespace, limit).await?)
}

/// What an edit would change; changes nothing.
pub async fn kube_object_diff(app: &App, request: KubeObjectDiff) -> Result<ObjectPlan, ApiError> {
    let at = path!(request);
    let plan = app.kube.diff(&request.context, &at, &request.yaml).await?;
    Ok(object_plan(plan, &app.masker))
}

/// Writes an edited object.
pub async fn kube_object_apply(
    app: &App,
    request: KubeObjectApply,
) -> Result<KubeObjectView, ApiError> {
    let at = path!(request);
    let (yaml, version) = (&request.yaml, &request.resource_version);
    Ok(app.kube.write(&request.context, &at, yaml, version).await?)
}

/// Sets how many pods a workload has.
pub async fn kube_scale(app: &App, request: KubeScale) -> Result<Done, ApiError> {
    let at = path!(request);
    app.kube.scale(&request.context, &at, request.replicas).await?;
    Ok(Done {})
}

/// Replaces a workload's pods one after another.
pub async fn kube_restart(app: &App, request: KubeObjectRequest) -> Result<Done, ApiError> {
    let at = path!(request);
    app.kube.restart(&request.context, &at).await?;
    Ok(Done {})
}

/// Deletes an object.
pub async fn kube_delete(app: &App, request: KubeDelete) -> Result<Done, ApiError> {
    let at = path!(request);
    app.kube.delete(&request.context, &at, request.is_forced).await?;
    Ok(Done {})
}

/// How the objects of a namespace belong together.
pub async fn kube_map(app: &App, request: KubeNamespaceRequest) -> Result<KubeMap, ApiError> {
    Ok(app.kube.map(&request.context, &request.namespace).await?)
}

/// What pods and nodes use.
pub async fn kube_usage(app: &App, request: KubeNamespaceRequest) -> Result<KubeUsage, ApiError> {
    Ok(app.kube.usage(&request.context, &request.namespace).await?)
}

/// Begins to read logs.
pub async fn kube_log_start(app: &App, request: KubeLogStart) -> Result<KubeLogStarted, ApiError> {
    let wanted = LogsWanted {
        namespace: request.namespace,
        pods: request.pods,
        selector: request.selector,
        container: request.container,
        tail: request.tail.min(MOST_TAIL),
        since_seconds: request.since_seconds,
        is_previous: request.is_previous,
        is_following: request.is_following,
    };
    let stream_id = app.kube.logs(&request.context, wanted).await?;
    Ok(KubeLogStarted { stream_id })
}

/// Lines of a log.
pub async fn kube_log_page(app: &App, request: KubeLogGet) -> Result<KubeLogPage, ApiError> {
    let limit = request.limit.clamp(1, MOST_LINES) as usize;
    let search = request.search.as_deref();
    let mut page = app.kube.log_page(&request.stream_id, request.after, limit, search)?;
    // A container may print what the app was trusted with.
    for line in &mut page.lines {
        line.text = app.masker.mask(&line.text);
    }
    Ok(page)
}

/// Stops reading logs.
pub async fn kube_log_stop(app: &App, request: KubeLogRequest) -> Result<Done, ApiError> {
    app.kube.end_log(&request.stream_id);
    Ok(Done {})
}

/// Starts a command in a container.
pub async fn kube_exec_start(
    app: &App,
    request: KubeExecStart,
) -> Result<KubeExecStarted, ApiError> {
    let wanted = ExecWanted {
        namespace: request.namespace,
        pod: request.pod,
        container: request.container,
        command: request.command,
        columns: request.columns,
        rows: request.rows,
    };
    let session_id = app.kube.exec(&request.context, wanted).await?;
    Ok(KubeExecStarted { session_id })
}

/// Passes on what was typed.
pub async fn kube_exec_send(app: &App, request: KubeExecSend) -> Result<Done, ApiError> {
    let bytes = STANDARD.decode(&request.base64).map_err(|error| {
        ApiError::new(
            ErrorKind::UserInput,
            "bad_request",
            format!("What was typed is not base64: {error}."),
        )
    })?;
    app.kube.exec_send(&request.session_id, bytes)?;
    Ok(Done {})
}

/// Tells the command how large its terminal is.
pub async fn kube_exec_resize(app: &App, request: KubeExecResize) -> Result<Done, ApiError> {
    app.kube.exec_resize(&request.session_id, request.columns, request.rows)?;
    Ok(Done {})
}

/// What a command wrote.
pub async fn kube_exec_page(app: &App, request: KubeExecGet) -> Result<KubeExecPage, ApiError> {
    Ok(app.kube.exec_page(&request.session_id, request.after)?)
}

/// Breaks the connection to a command.
pub async fn kube_exec_stop(app: &App, request: KubeExecRequest) -> Result<Done, ApiError> {
    app.kube.end_exec(&request.session_id);
    Ok(Done {})
}

/// Makes a port of this machine lead into a cluster.
pub async fn kube_forward_start(
    app: &App,
    request: KubeForwardStart,
) -> Result<KubeForwardView, ApiError> {
    let wanted = ForwardWanted {
        context: request.context,
        namespace: request.namespace,
        target: request.target,
        port: request.port,
        local_port: request.local_port,
    };
    Ok(app.kube.forward(wanted).await?)
}

/// Every port that leads into a cluster.
pub async fn kube_forward_list(app: &App, _: Nothing) -> Result<Vec<KubeForwardView>, ApiError> {
    Ok(app.kube.forwards())
}

/// Closes a forwarded port.
pub async fn kube_forward_stop(app: &App, request: KubeForwardRequest) -> Result<Done, ApiError> {
    app.kube.end_forward(&request.id);
    Ok(Done {})
}
