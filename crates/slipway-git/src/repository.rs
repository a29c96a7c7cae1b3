//! Opens a repository and says where its head is and who commits.

use std::path::{Path, PathBuf};

use git2::{Config, ConfigLevel, ErrorCode, RepositoryInitOptions, RepositoryOpenFlags};

use crate::error::GitError;

/// Which configuration git reads besides the repository's own.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum ConfigScope {
    /// The user's and the machine's, as git itself does.
    #[default]
    Machine,
    /// None: what a test on any machine needs.
    RepositoryOnly,
    /// This file in the place of the user's.
    GlobalFile(PathBuf),
}

/// Who makes a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub name: String,
    pub email: String,
}

/// A repository with a working tree.
pub struct Repository {
    pub(crate) inner: git2::Repository,
    root: PathBuf,
    pub(crate) scope: ConfigScope,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Repository {
    /// Opens the repository whose root this is.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        Self::open_with(path, ConfigScope::Machine)
    }

    /// Opens the repository whose root this is, with a configuration of the caller's choice.
    pub fn open_with(path: &Path, scope: ConfigScope) -> Result<Self, GitError> {
        let found = git2::Repository::open(path);
        Self::wrap(found.map_err(|source| opening(path, source))?, scope)
    }

    /// Opens the repository that a folder or file lies in.
    pub fn discover(path: &Path) -> Result<Self, GitError> {
        Self::discover_with(path, ConfigScope::Machine)
    }

    /// Opens the repository that a folder or file lies in, with a configuration of the caller's
    /// choice.
    pub fn discover_with(path: &Path, scope: ConfigScope) -> Result<Self, GitError> {
        let none: [&Path; 0] = [];
        let found = git2::Repository::open_ext(path, RepositoryOpenFlags::empty(), none);
        Self::wrap(found.map_err(|source| opening(path, source))?, scope)
    }

    /// Makes an empty repository; a folder that already is one is opened as it is.
    pub fn init(path: &Path, initial_branch: &str) -> Result<Self, GitError> {
        Self::init_with(path, initial_branch, ConfigScope::Machine)
    }

    /// Makes an empty repository, with a configuration of the caller's choice.
    pub fn init_with(
        path: &Path,
        initial_branch: &str,
        scope: ConfigScope,
    ) -> Result<Self, GitError> {
        let mut options = RepositoryInitOptions::new();
        options.initial_head(initial_branch).external_template(false);
        let made = git2::Repository::init_opts(path, &options);
        Self::wrap(made.map_err(|source| opening(path, source))?, scope)
    }

    fn wrap(inner: git2::Repository, scope: ConfigScope) -> Result<Self, GitError> {
        let Some(workdir) = inner.workdir() else {
            return Err(GitError::BareRepository { path: inner.path().to_owned() });
        };
        // Without the trailing slash that libgit2 gives, so that roots compare as texts.
        let root: PathBuf = workdir.components().collect();
        apply(&inner, &scope).map_err(|source| GitError::Git {
            doing: "reading the configuration",
            root: root.clone(),
            source,
        })?;
        Ok(Self { inner, root, scope })
    }

    /// Root of the working tree, absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The branch that is checked out, also before its first commit; none when detached.
    pub fn branch(&self) -> Option<String> {
        // A HEAD that cannot be read names no branch; head() reports why.
        let head = self.inner.find_reference("HEAD").ok()?;
        let target = head.symbolic_target().ok()??;
        target.strip_prefix("refs/heads/").map(str::to_owned)
    }

    /// The branches of this repository by name.
    pub fn branches(&self) -> Result<Vec<String>, GitError> {
        let failed = self.failed("listing branches");
        let mut names = Vec::new();
        for branch in self.inner.branches(Some(git2::BranchType::Local)).map_err(&failed)? {
            let (branch, _) = branch.map_err(&failed)?;
            // A name that is no text cannot be asked for either.
            names.extend(branch.name().map_err(&failed)?.map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The branch that others take for the main one: of the remote `origin`, else `main` or `master`, else the one
    /// that is checked out.
    pub fn default_branch(&self) -> Result<Option<String>, GitError> {
        let remote = self.inner.find_reference("refs/remotes/origin/HEAD").ok();
        let target = remote.and_then(|head| head.symbolic_target().ok()?.map(str::to_owned));
        if let Some(name) = target.as_deref().and_then(|it| it.strip_prefix("refs/remotes/origin/"))
        {
            return Ok(Some(name.to_owned()));
        }
        let known = self.branches()?;
        let usual = ["main", "master"].into_iter().find(|name| known.iter().any(|it| it == name));
        Ok(usual.map(str::to_owned).or_else(|| self.branch()))
    }

    /// Who commits here, by the configuration.
    pub fn signature(&self) -> Result<Signature, GitError> {
        let unknown = || GitError::AuthorUnknown { root: self.root.clone() };
        let signature = self.inner.signature().map_err(|_| unknown())?;
        match (signature.name(), signature.email()) {
            (Ok(name), Ok(email)) if !name.is_empty() && !email.is_empty() => {
                Ok(Signature { name: name.to_owned(), email: email.to_owned() })
            }
            _ => Err(unknown()),
        }
    }

    /// Names what was being done; gives the few errors with a meaning of their own that meaning.
    pub(crate) fn failed(&self, doing: &'static str) -> impl Fn(git2::Error) -> GitError + '_ {
        move |source| match source.code() {
            ErrorCode::Locked => GitError::Locked { root: self.root.clone() },
            ErrorCode::Owner => GitError::NotOwned { path: self.root.clone() },
            _ => GitError::Git { doing, root: self.root.clone(), source },
        }
    }
}

/// Puts a configuration of the caller's choice in the place of the machine's.
pub(crate) fn apply(inner: &git2::Repository, scope: &ConfigScope) -> Result<(), git2::Error> {
    let global = match scope {
        ConfigScope::Machine => return Ok(()),
        ConfigScope::RepositoryOnly => None,
        ConfigScope::GlobalFile(file) => Some(file),
    };
    let mut config = Config::new()?;
    if let Some(file) = global {
        config.add_file(file, ConfigLevel::Global, false)?;
    }
    config.add_file(&inner.commondir().join("config"), ConfigLevel::Local, false)?;
    inner.set_config(&config)
}

fn opening(path: &Path, source: git2::Error) -> GitError {
    match source.code() {
        ErrorCode::NotFound => GitError::NotARepository { path: path.to_owned() },
        ErrorCode::Owner => GitError::NotOwned { path: path.to_owned() },
        _ => GitError::Git { doing: "opening the repository", root: path.to_owned(), source },
    }
}
