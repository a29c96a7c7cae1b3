//! Editor intelligence.
mod sketch;
