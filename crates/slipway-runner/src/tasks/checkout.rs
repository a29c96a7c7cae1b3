//! `Checkout@1`: puts a commit of a repository into the workspace (§14).
//!
//! One checkout goes to `s`, several each to `s/<repository>`; `path:` moves it. All of it comes from this machine,
//! so no credentials are used; only submodules and large files that are not here are asked of git, which runs on
//! this machine even if the job has a container. Deliberately not here: git's objects (`RunHost::checkout`).

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::{CheckedOut, CheckoutOptions, CommitSha, RunResult, SubmoduleDepth};
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::tool::{Tool, is_there, run_tool};
use crate::error::{OnPath, RunnerError};
use crate::repositories::{CheckoutOrder, RepositoryAt, folder_of, in_place, is_own};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::timeline::folder_name;
use crate::variables::Variable;
use crate::workspace::{blocking, join_below, normal, wipe};

pub(crate) struct Checkout;

/// What is checked out.
struct Source {
    name: String,
    is_own: bool,
    folder: PathBuf,
    commit: CommitSha,
}

#[async_trait]
impl Task for Checkout {
    fn spec(&self) -> &'static TaskSpec {
        &table::CHECKOUT_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if says_yes(step.job.variable("Agent.Source.Skip").as_deref()) {
            step.line("Agent.Source.Skip is true: nothing is checked out.").await;
            return Ok(RunResult::Succeeded);
        }
        let source = source_of(step).await?;
        let into = place_of(step, &source)?;
        let order = order_of(step, &source, &into)?;
        ready(step, &into).await?;
        let from = source.folder.display();
        step.line(&format!("##[command]checkout {from} {}", source.commit)).await;
        let done = step.job.run.host.checkout(&order).await?;
        let here = step.here();
        let brought = bring(&here, &source, &order, &done).await;
        let is_sparse = match brought {
            Ok(RunResult::Succeeded) => sparse(&here, &into).await,
            other => other,
        };
        step.absorb(&here);
        if is_sparse? != RunResult::Succeeded {
            return Ok(if step.cancel.is_cancelled() {
                RunResult::Canceled
            } else {
                RunResult::Failed
            });
        }
        if step.flag("persistCredentials") {
            let text = "persistCredentials: the sources come from this machine without credentials, so none \
                        are written; git in later steps uses the sign-in of this machine's user.";
            step.line(text).await;
        }
        tell_places(step, &source, &into);
        step.line(&format!("Checked out {} to {}", source.commit, into.display())).await;
        Ok(RunResult::Succeeded)
    }
}

fn says_yes(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

async fn source_of(step: &StepScope) -> Result<Source, RunnerError> {
    let run = &step.job.run;
    let alias = step.required("repository")?;
    if is_own(alias) {
        return Ok(Source {
            name: folder_name(&run.repository_path),
            is_own: true,
            folder: run.repository_path.clone(),
            commit: run.evidence.commit.clone(),
        });
    }
    let is_it = |known: &str| known.eq_ignore_ascii_case(alias);
    let known = run.repositories.iter().find(|one| one.wanted.alias.as_deref().is_some_and(is_it));
    let (name, at) = match known {
        Some(known) => (known.wanted.name.clone(), known.at.clone()),
        None => {
            let unknown = || RunnerError::RepositoryUnknown { alias: alias.to_owned() };
            let wanted = in_place(alias).ok_or_else(unknown)?;
            let at = run.host.repository(&wanted).await;
            (wanted.name, at)
        }
    };
    let RepositoryAt { folder, commit, .. } = at?;
    Ok(Source { name, is_own: false, folder, commit })
}

/// Where it goes.
fn place_of(step: &StepScope, source: &Source) -> Result<PathBuf, RunnerError> {
    let folders = &step.job.folders;
    let Some(path) = step.input("path") else {
        return Ok(if step.job.has_several_checkouts(step.phase) {
            folders.sources.join(folder_of(&source.name))
        } else {
            folders.sources.clone()
        });
    };
    let into = join_below(&folders.workspace, path)?;
    // The agent's own folders lie beside the sources.
    if into == normal(&folders.workspace) {
        return Err(step.invalid("path", "a folder below $(Pipeline.Workspace)"));
    }
    Ok(into)
}

fn order_of(step: &StepScope, source: &Source, into: &Path) -> Result<CheckoutOrder, RunnerError> {
    let depth = match step.input("fetchDepth") {
        None => 0,
        Some(text) => text.parse().map_err(|_| step.invalid("fetchDepth", "a number"))?,
    };
    let submodules = match step.input("submodules").map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => SubmoduleDepth::None,
        Some("true") => SubmoduleDepth::Direct,
        Some("recursive") => SubmoduleDepth::Recursive,
        Some(_) => return Err(step.invalid("submodules", "true, recursive or false")),
    };
    Ok(CheckoutOrder {
        folder: source.folder.clone(),
        commit: source.commit.clone(),
        into: into.to_owned(),
        options: CheckoutOptions {
            // The folder is emptied before, where that is asked for.
            clean: false,
            depth: (depth > 0).then_some(depth),
            has_tags: step.input("fetchTags").is_none() || step.flag("fetchTags"),
            submodules,
            has_large_files: step.flag("lfs"),
        },
    })
}

/// A folder that is no checkout is emptied, as the agent does; so is one that is to be clean.
async fn ready(step: &StepScope, into: &Path) -> Result<(), RunnerError> {
    let (folder, is_clean) = (into.to_owned(), step.flag("clean"));
    let has_emptied = blocking(move || {
        let is_checkout = folder.join(".git").exists();
        let is_empty = folder.read_dir().map_or(true, |mut entries| entries.next().is_none());
        let is_sparse = folder.join(".git/info/sparse-checkout").exists();
        let empties = is_clean || is_sparse || !is_checkout;
        if empties {
            wipe(&folder)?;
        }
        std::fs::create_dir_all(&folder).on("Creating", &folder)?;
        Ok(!is_empty && !is_checkout)
    })
    .await?;
    if has_emptied {
        let text =
            format!("{} held something else than a checkout and was emptied.", into.display());
        step.line(&text).await;
    }
    Ok(())
}

/// Submodules and large files: what came along is told, what did not is asked of git.
async fn bring(
    here: &StepScope,
    source: &Source,
    order: &CheckoutOrder,
    done: &CheckedOut,
) -> Result<RunResult, RunnerError> {
    for path in &done.submodules {
        here.line(&format!("Submodule {path}")).await;
    }
    for missing in &done.missing_submodules {
        let failed = || RunnerError::SubmoduleMissing {
            name: missing.name.clone(),
            path: missing.path.clone(),
            url: missing.url.clone(),
            folder: source.folder.clone(),
        };
        let is_remote = missing.url.contains(':') && !missing.url.starts_with("file:");
        if !is_remote || !is_there(here, "git") {
            return Err(failed());
        }
        let mut tool = git(&missing.within)
            .args(["-c", &format!("submodule.{}.url={}", missing.name, missing.url)])
            .args(["submodule", "update", "--init", "--force"]);
        if let Some(depth) = order.options.depth {
            tool = tool.arg(format!("--depth={depth}"));
        }
        if order.options.submodules == SubmoduleDepth::Recursive {
            tool = tool.arg("--recursive");
        }
        let end = run_tool(here, tool.args(["--", &missing.path_within])).await?;
        match end.code {
            Some(0) => {}
            None => return Ok(RunResult::Canceled),
            Some(_) => return Err(failed()),
        }
    }
    for path in &done.large_files {
        here.line(&format!("Git LFS file {path}")).await;
    }
    let Some(first) = done.missing_large_files.first() else { return Ok(RunResult::Succeeded) };
    if let Some(origin) = done.origin.as_ref().filter(|_| is_there(here, "git-lfs")) {
        let tool = git(&order.into).args(["-c", &format!("remote.origin.url={origin}")]);
        let end = run_tool(here, tool.args(["lfs", "pull"])).await?;
        match end.code {
            Some(0) => return Ok(RunResult::Succeeded),
            None => return Ok(RunResult::Canceled),
            Some(_) => {}
        }
    }
    Err(RunnerError::LargeFileMissing {
        path: first.clone(),
        others: done.missing_large_files.len() - 1,
        folder: source.folder.clone(),
    })
}

/// Leaves only the wanted files; the whole is there, so nothing is fetched.
async fn sparse(here: &StepScope, into: &Path) -> Result<RunResult, RunnerError> {
    let words = |name: &str| -> Vec<String> {
        here.input(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    let (folders, patterns) = (words("sparseCheckoutDirectories"), words("sparseCheckoutPatterns"));
    let (way, wanted) = match (folders.is_empty(), patterns.is_empty()) {
        (true, true) => return Ok(RunResult::Succeeded),
        (false, _) => ("--cone", folders),
        (true, false) => ("--no-cone", patterns),
    };
    let end = run_tool(here, git(into).args(["sparse-checkout", "set", way]).args(wanted)).await?;
    Ok(end.judge(here).await)
}

/// Git in a folder; it never asks for a password.
fn git(folder: &Path) -> Tool {
    Tool::new("git").at(folder).env("GIT_TERMINAL_PROMPT", "0").plain()
}

/// Says where the sources are. With several checkouts the folders stay what they are, but for the own
/// repository's when it was moved.
fn tell_places(step: &StepScope, source: &Source, into: &Path) {
    let job = &step.job;
    let path = into.display().to_string();
    let set = |names: &[&str]| {
        let mut variables = lock(&job.variables);
        for name in names {
            variables.set(Variable::system(name, path.clone()));
        }
    };
    if !job.has_several_checkouts(step.phase) {
        set(&["Build.SourcesDirectory", "Build.Repository.LocalPath"]);
        set(&["System.DefaultWorkingDirectory"]);
    } else if source.is_own && into != job.folders.sources.join(folder_of(&source.name)) {
        set(&["Build.Repository.LocalPath"]);
    }
    if step.flag("workspaceRepo") {
        set(&["Build.SourcesDirectory", "System.DefaultWorkingDirectory"]);
    }
    if source.is_own {
        let clean = if step.flag("clean") { "True" } else { "False" };
        let has =
            |input: &str| step.input(input).is_some_and(|it| !it.eq_ignore_ascii_case("false"));
        let submodules = if has("submodules") { "True" } else { "False" };
        let mut variables = lock(&job.variables);
        variables.set(Variable::system("Build.Repository.Clean", clean));
        variables.set(Variable::system("Build.Repository.Git.SubmoduleCheckout", submodules));
    }
}
