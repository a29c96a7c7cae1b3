//! Shared builders of the suites.
