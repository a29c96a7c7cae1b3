//! Finds and removes containers and networks that a run left behind, by their labels.
//!
//! Called at the end of each job, and by the next start of the app for each run that was going on when it
//! died. Deliberately not here: processes of this machine (`sweep`).

use slipway_core::RunId;
use slipway_engine::{Engine, EngineError};
use tokio::task::JoinSet;

/// The run that a container or network belongs to.
pub(super) const RUN: &str = "slipway.run";
/// The record of the job.
pub(super) const JOB: &str = "slipway.job";
/// `job`, `service` or `step`.
pub(super) const ROLE: &str = "slipway.role";

/// Removes what a run left in the engine when the app died under it; answers how many containers.
pub async fn end_containers_of_run(engine: &Engine, run: &RunId) -> Result<usize, EngineError> {
    remove_labelled(engine, RUN, run.as_str()).await
}

/// The runs of which the engine has containers or networks, whoever's they are.
pub async fn runs_with_containers(engine: &Engine) -> Result<Vec<RunId>, EngineError> {
    let any = [(RUN.to_owned(), String::new())];
    let mut runs: Vec<RunId> = engine
        .list(&any)
        .await?
        .into_iter()
        .filter_map(|container| container.labels.get(RUN).map(|run| RunId::new(run.as_str())))
        .collect();
    // A network is named after its job's record, which begins with the run.
    runs.extend(engine.networks(&any).await?.iter().filter_map(|network| {
        let (run, _) = network.strip_prefix("slipway-")?.rsplit_once('.')?;
        Some(RunId::new(run))
    }));
    runs.sort();
    runs.dedup();
    Ok(runs)
}

/// Removes containers with their nameless volumes, then networks.
pub(super) async fn remove_labelled(
    engine: &Engine,
    label: &str,
    value: &str,
) -> Result<usize, EngineError> {
    let labels = [(label.to_owned(), value.to_owned())];
    let found = engine.list(&labels).await?;
    let count = found.len();
    let mut removing = JoinSet::new();
    for container in found {
        let engine = engine.clone();
        removing.spawn(async move { engine.remove(&container.id, true).await });
    }
    let mut answer = Ok(());
    while let Some(removed) = removing.join_next().await {
        if let Ok(Err(error)) = removed {
            answer = Err(error);
        }
    }
    for network in engine.networks(&labels).await? {
        engine.remove_network(&network).await?;
    }
    answer.map(|()| count)
}
