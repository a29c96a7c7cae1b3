//! Runs a planned pipeline on this machine with Azure's semantics
