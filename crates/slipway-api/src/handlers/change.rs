//! Steps 1 and 2: the working tree and commits.

use crate::app::App;
use crate::commits::author;
use crate::dto::*;
use crate::error::ApiError;
use crate::sample;
use crate::skips::Leaving;

/// Most lines of a difference that are sent.
const MAX_DIFF_LINES: usize = 5_000;

/// The working tree against the newest commit.
pub async fn change_list(app: &App, request: ProjectRequest) -> Result<ChangesView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let (branch, head, files) =
        app.git(&project, |git| Ok((git.branch(), git.head()?, git.status()?))).await?;
    let head = match head {
        Some(commit) => {
            app.keep_commit(&project, &commit, branch.as_deref().unwrap_or_default()).await?;
            match app.commit_row(&project.id, &commit.sha).await? {
                Some(row) => Some(app.commit_view(&row).await?),
                None => None,
            }
        }
        None => None,
    };
    let files: Vec<ChangedFile> = files.into_iter().map(changed_file).collect();
    let is_first_change = project.is_sample && app.store.runs(&project.id, 1).await?.is_empty();
    let proposed_message = proposed_message(&files, is_first_change);
    Ok(ChangesView { branch, head, files, proposed_message })
}

/// A message that a person might have typed.
pub(crate) fn proposed_message(files: &[ChangedFile], is_sample_change: bool) -> String {
    match files {
        [] => String::new(),
        _ if is_sample_change => sample::CHANGE_MESSAGE.to_owned(),
        [one] => format!("{} {}", verb(one.status), one.path),
        [first, rest @ ..] => {
            format!("{} {} and {} more", verb(first.status), first.path, rest.len())
        }
    }
}

fn verb(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => "Add",
        FileStatus::Modified => "Change",
        FileStatus::Deleted => "Remove",
        FileStatus::Renamed => "Rename",
        FileStatus::Conflicted => "Resolve",
    }
}

fn changed_file(change: slipway_git::FileChange) -> ChangedFile {
    ChangedFile {
        path: change.path,
        old_path: change.old_path,
        status: match change.status {
            slipway_git::FileStatus::Added => FileStatus::Added,
            slipway_git::FileStatus::Modified => FileStatus::Modified,
            slipway_git::FileStatus::Deleted => FileStatus::Deleted,
            slipway_git::FileStatus::Renamed => FileStatus::Renamed,
            slipway_git::FileStatus::Conflicted => FileStatus::Conflicted,
        },
        is_staged: change.is_staged,
        is_partly_staged: change.is_partly_staged,
        additions: change.additions,
        deletions: change.deletions,
        is_binary: change.is_binary,
    }
}

/// The difference of one file.
pub async fn change_diff(app: &App, request: ChangeDiff) -> Result<FileDiff, ApiError> {
    let project = app.project(&request.project_id).await?;
    let path = request.path.clone();
    let diff = app.git(&project, move |git| git.diff_file(&path, MAX_DIFF_LINES)).await?;
    Ok(FileDiff {
        path: request.path,
        is_binary: diff.is_binary,
        is_truncated: diff.is_truncated,
        hunks: diff
            .hunks
            .into_iter()
            .map(|hunk| DiffHunk {
                header: hunk.header,
                lines: hunk.lines.into_iter().map(diff_line).collect(),
            })
            .collect(),
    })
}

fn diff_line(line: slipway_git::DiffLine) -> DiffLine {
    DiffLine {
        kind: match line.kind {
            slipway_git::DiffLineKind::Context => DiffLineKind::Context,
            slipway_git::DiffLineKind::Added => DiffLineKind::Added,
            slipway_git::DiffLineKind::Removed => DiffLineKind::Removed,
        },
        old_line: line.old_line,
        new_line: line.new_line,
        text: line.text,
    }
}

/// Stages files.
pub async fn change_stage(app: &App, request: ChangePaths) -> Result<Done, ApiError> {
    let project = app.project(&request.project_id).await?;
    app.git(&project, move |git| git.stage(&request.paths)).await?;
    Ok(Done {})
}

/// Unstages files.
pub async fn change_unstage(app: &App, request: ChangePaths) -> Result<Done, ApiError> {
    let project = app.project(&request.project_id).await?;
    app.git(&project, move |git| git.unstage(&request.paths)).await?;
    Ok(Done {})
}

/// Commits what is staged, and starts the pipeline if its trigger says so.
pub async fn commit_create(app: &App, request: CommitCreate) -> Result<CommitCreated, ApiError> {
    commit_and_start(app, request, Leaving::default()).await
}

pub(crate) async fn commit_and_start(
    app: &App,
    request: CommitCreate,
    leaving: Leaving,
) -> Result<CommitCreated, ApiError> {
    let project = app.project(&request.project_id).await?;
    let is_sample = project.is_sample;
    let message = request.message.trim().to_owned();
    let (commit, branch) = app
        .git(&project, move |git| {
            let commit = git.commit_staged(&message, &author(git, is_sample)?)?;
            Ok((commit, git.branch().unwrap_or_default()))
        })
        .await?;
    app.committed(&project, &commit, &branch, leaving).await
}

/// The newest commits with the runs they started.
pub async fn commit_list(app: &App, request: CommitList) -> Result<Vec<CommitView>, ApiError> {
    let project = app.project(&request.project_id).await?;
    let limit = request.limit.clamp(1, 500);
    let (branch, commits) = app
        .git(&project, move |git| Ok((git.branch().unwrap_or_default(), git.log(limit as usize)?)))
        .await?;
    let mut views = Vec::with_capacity(commits.len());
    for commit in &commits {
        if app.commit_row(&project.id, &commit.sha).await?.is_none() {
            app.keep_commit(&project, commit, &branch).await?;
        }
        if let Some(row) = app.commit_row(&project.id, &commit.sha).await? {
            views.push(app.commit_view(&row).await?);
        }
    }
    Ok(views)
}
