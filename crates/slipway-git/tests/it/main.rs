//! Real repositories in temporary folders; the `git` program is the judge where it can be.

#![expect(clippy::unwrap_used, reason = "what a test prepares must work, or the test is red")]

mod checkouts;
mod commit_paths;
mod commits;
mod diffs;
mod status;
mod support;
mod under_way;
mod workspace;
