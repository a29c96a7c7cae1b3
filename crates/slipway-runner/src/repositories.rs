//! Repositories that a run checks out: its own, those of its resources, and those that a step names in place.
//!
//! The folders of others are asked of the house once, when the run starts, so that every job sees the same
//! commit. Called by `run`, `support` and the checkout task. Deliberately not here: git.

use std::path::PathBuf;

use slipway_core::{CheckoutOptions, CommitSha};
use slipway_pipeline::plan::{Plan, RepositoryResource};

use crate::host::{HostError, RunHost};

/// A repository that the house is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRepository {
    /// What the pipeline calls it; nothing for one that a step names in place.
    pub alias: Option<String>,
    /// As the service knows it, such as `Contoso/Tools`.
    pub name: String,
    /// `main`, `refs/heads/main` or `refs/tags/v1`; what its folder has checked out if left out.
    pub reference: Option<String>,
}

impl WantedRepository {
    /// The names under which its folder may be known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.alias.as_deref())
    }

    /// What somebody writes who maps it.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { self.alias.as_deref().unwrap_or_default() } else { &self.name }
    }
}

/// Where a repository lies on this machine, and what of it is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryAt {
    pub folder: PathBuf,
    pub commit: CommitSha,
    /// The whole ref, if it is one: `refs/heads/main`.
    pub reference: Option<String>,
}

/// What a checkout takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutOrder {
    /// The repository's folder.
    pub folder: PathBuf,
    pub commit: CommitSha,
    /// It exists, and may hold an older checkout.
    pub into: PathBuf,
    pub options: CheckoutOptions,
}

/// A repository of the resources, as the run found it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) wanted: WantedRepository,
    pub(crate) at: Result<RepositoryAt, HostError>,
}

/// All repositories of the resources but the own one.
pub(crate) async fn look_up(plan: &Plan, host: &dyn RunHost) -> Vec<Known> {
    let mut all = Vec::new();
    for resource in plan.resources.repositories.iter().filter(|one| !is_own(&one.repository)) {
        let wanted = wanted(resource);
        let at = host.repository(&wanted).await;
        all.push(Known { wanted, at });
    }
    all
}

fn wanted(resource: &RepositoryResource) -> WantedRepository {
    WantedRepository {
        alias: Some(resource.repository.clone()),
        name: resource.name.clone().unwrap_or_else(|| resource.repository.clone()),
        reference: resource.reference.clone(),
    }
}

pub(crate) fn is_own(alias: &str) -> bool {
    alias.eq_ignore_ascii_case("self")
}

/// What a step of the plan checks out, if it is another repository and known before the run.
pub(crate) fn wanted_by(plan: &Plan, repository: &str) -> Option<WantedRepository> {
    let mut resources = plan.resources.repositories.iter();
    match resources.find(|one| one.repository.eq_ignore_ascii_case(repository)) {
        Some(resource) if !is_own(repository) => Some(wanted(resource)),
        Some(_) => None,
        None => in_place(repository),
    }
}

/// Reads `git://Project/Repository@ref`; the ref may be left out. Other hosts are written the same way.
pub(crate) fn in_place(text: &str) -> Option<WantedRepository> {
    let (kind, rest) = text.split_once("://")?;
    if !["git", "github", "bitbucket"].iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        return None;
    }
    let (name, reference) = match rest.split_once('@') {
        Some((name, reference)) => (name, Some(reference)),
        None => (rest, None),
    };
    let reference = reference.filter(|reference| !reference.is_empty()).map(str::to_owned);
    let name = name.trim_matches('/').to_owned();
    (!name.is_empty()).then_some(WantedRepository { alias: None, name, reference })
}

/// The folder of a repository where several are checked out: the last part of its name.
pub(crate) fn folder_of(name: &str) -> &str {
    let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    last.strip_suffix(".git").unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_in_place_has_a_name_and_perhaps_a_ref() {
        let read = |text| in_place(text).map(|it| (it.name, it.reference));
        let tools = |reference: Option<&str>| {
            Some(("Contoso/Tools".to_owned(), reference.map(str::to_owned)))
        };
        assert_eq!(read("git://Contoso/Tools@refs/heads/x/y"), tools(Some("refs/heads/x/y")));
        assert_eq!(read("GitHub://Contoso/Tools"), tools(None), "the ref may be left out");
        assert_eq!(read("tools"), None, "an alias");
        assert_eq!(read("https://host/x"), None, "no such form");
        assert_eq!(folder_of("Contoso/Tools.git"), "Tools", "the last part");
    }
}
