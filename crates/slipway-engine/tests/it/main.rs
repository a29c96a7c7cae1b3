//! The engine crate against a real engine, and a real registry for pushes.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail loudly, skips are said")]

mod builds;
mod containers;
mod losses;
mod pushes;
mod support;
