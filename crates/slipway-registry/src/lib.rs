//! Any OCI registry, and a local CNCF Distribution registry as child process
