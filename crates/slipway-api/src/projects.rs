//! Projects: opening a repository, and working on it with git off the async threads.

use std::path::{Path, PathBuf};

use slipway_core::{CommitSha, EnvironmentName, ErrorKind, ProjectId, TargetKind, WorkItemType};
use slipway_git::{Change, CommitFacts, GitError, Repository, UnderWay};
use slipway_store::{CommitRow, EnvironmentRow, NewWorkItem, ProjectRow};

use crate::app::App;
use crate::error::ApiError;
use crate::sample;

/// The environment that every project starts with.
pub(crate) const LOCAL: &str = "local";

impl App {
    /// The project, or a clear answer that there is none.
    pub(crate) async fn project(&self, id: &ProjectId) -> Result<ProjectRow, ApiError> {
        self.store.project(id).await?.ok_or_else(|| {
            ApiError::not_found("project", id).with_hint("Open its repository again.")
        })
    }

    /// Works on the project's repository in a thread that may block.
    pub(crate) async fn git<T, F>(&self, project: &ProjectRow, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Repository) -> Result<T, GitError> + Send + 'static,
    {
        let path = PathBuf::from(&project.path);
        let worked = tokio::task::spawn_blocking(move || work(&Repository::open(&path)?)).await;
        match worked {
            Ok(outcome) => Ok(outcome?),
            Err(error) => Err(ApiError::new(
                ErrorKind::Bug,
                "git_thread",
                format!("Reading the repository broke: {error}."),
            )),
        }
    }

    /// Notes a change of the project's repository before its first step.
    pub(crate) async fn begin(
        &self,
        project: &ProjectRow,
        change: Change,
    ) -> Result<UnderWay, ApiError> {
        self.git(project, move |git| git.begin(&change)).await
    }

    /// Takes back what the app was writing into its repositories when it died.
    pub(crate) async fn mend_repositories(&self) -> Result<(), ApiError> {
        for project in self.store.projects().await? {
            match self.git(&project, Repository::mend).await {
                Ok(false) => {}
                Ok(true) => tracing::warn!(path = project.path, "mended an unfinished change"),
                // It may have been moved away, or lie on a drive that is not there now.
                Err(error) => tracing::info!(path = project.path, "not mended: {}", error.message),
            }
        }
        Ok(())
    }

    /// Opens the repository that a folder lies in.
    pub(crate) async fn open_project(
        &self,
        path: &Path,
        is_sample: bool,
    ) -> Result<ProjectRow, ApiError> {
        let found = path.to_owned();
        let root = tokio::task::spawn_blocking(move || {
            let git = Repository::discover(&found)?;
            git.mend()?;
            Ok::<_, GitError>(git.root().to_owned())
        })
        .await
        .map_err(|error| ApiError::new(ErrorKind::Bug, "git_thread", error.to_string()))??;
        let text = root.display().to_string();
        if let Some(known) = self.store.project_at(&text).await? {
            let opened = ProjectRow { opened_at: self.now_ms(), ..known };
            return Ok(self.store.put_project(&opened).await?);
        }
        let name = if is_sample {
            sample::NAME.to_owned()
        } else {
            root.file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_else(|| text.clone())
        };
        let project = ProjectRow {
            id: ProjectId::new(self.next_id()),
            name,
            path: text,
            is_sample,
            opened_at: self.now_ms(),
        };
        let project = self.store.put_project(&project).await?;
        self.store.put_environment(&local_environment(&project.id, is_sample)).await?;
        Ok(project)
    }

    /// Makes the sample project if it is not there.
    pub(crate) async fn open_sample(&self) -> Result<ProjectRow, ApiError> {
        let path = self.data_dir().join("sample").join("tideline");
        let target = path.clone();
        tokio::task::spawn_blocking(move || sample::ensure(&target))
            .await
            .map_err(|error| ApiError::new(ErrorKind::Bug, "sample_thread", error.to_string()))??;
        let project = self.open_project(&path, true).await?;
        if self.store.work_items(&project.id).await?.is_empty() {
            let item = NewWorkItem {
                item_type: WorkItemType::Issue,
                title: sample::ITEM_TITLE.to_owned(),
                description: sample::ITEM_TEXT.to_owned(),
                state_reason: "New".to_owned(),
                problem_id: None,
            };
            self.store.create_work_item(&project.id, &item, self.now_ms()).await?;
        }
        Ok(project)
    }

    /// Keeps what git said of a commit, and links the work items that its message mentions. Writes
    /// only what is missing: the working tree is looked at far more often than it changes.
    pub(crate) async fn keep_commit(
        &self,
        project: &ProjectRow,
        commit: &CommitFacts,
        branch: &str,
    ) -> Result<(), ApiError> {
        let row = CommitRow {
            project_id: project.id.clone(),
            sha: commit.sha.clone(),
            summary: commit.summary.clone(),
            body: commit.body.clone(),
            author_name: commit.author_name.clone(),
            author_email: commit.author_email.clone(),
            branch: branch.to_owned(),
            committed_at: commit.committed_at,
        };
        if self.is_read_only() {
            return Ok(());
        }
        if self.store.commit(&project.id, &commit.sha).await?.is_none() {
            self.store.put_commit(&row).await?;
        }
        let mentions = slipway_boards::mentions(&message(&commit.summary, &commit.body));
        if mentions.is_empty() {
            return Ok(());
        }
        let linked = self.store.work_items_of_commit(&project.id, &commit.sha).await?;
        for mention in mentions.into_iter().filter(|mention| !linked.contains(&mention.id)) {
            if self.store.work_item(&project.id, mention.id).await?.is_none() {
                continue; // It is another backlog's, or a slip of the pen; the text stays in the message.
            }
            if self.store.link_commit(&project.id, &commit.sha, mention.id).await? {
                let text = format!("Commit {} mentions it: {}", commit.sha.short(), commit.summary);
                self.store
                    .add_work_item_event(&project.id, mention.id, self.now_ms(), &text)
                    .await?;
                self.advance_item(&project.id, mention.id, slipway_boards::BoardEvent::Committed)
                    .await?;
            }
        }
        Ok(())
    }

    /// The commit's facts, from git or, when the repository is gone, from what was kept.
    pub(crate) async fn commit_row(
        &self,
        project: &ProjectId,
        sha: &CommitSha,
    ) -> Result<Option<CommitRow>, ApiError> {
        Ok(self.store.commit(project, sha).await?)
    }
}

/// Summary and body as one text.
pub(crate) fn message(summary: &str, body: &str) -> String {
    if body.is_empty() { summary.to_owned() } else { format!("{summary}\n\n{body}") }
}

fn local_environment(project: &ProjectId, is_sample: bool) -> EnvironmentRow {
    let variables = if is_sample {
        vec![
            ("greeting".to_owned(), "Welcome to the harbour".to_owned()),
            ("trafficPerMinute".to_owned(), "240".to_owned()),
        ]
    } else {
        Vec::new()
    };
    EnvironmentRow {
        project_id: project.clone(),
        name: EnvironmentName::new(LOCAL),
        target: TargetKind::Local,
        context: String::new(),
        namespace: "default".to_owned(),
        variables,
    }
}
