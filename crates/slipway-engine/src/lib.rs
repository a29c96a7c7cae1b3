//! The container engine (Docker or Podman) behind plain Rust calls
