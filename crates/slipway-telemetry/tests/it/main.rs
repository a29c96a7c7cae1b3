//! Tests of the crate as its callers see it: whole payloads, drawings, reports, real sockets.
//! Payloads are Slipway's own, shaped after what real clients send.

mod charts;
mod clients;
mod gallery;
mod ingest;
mod probe;
mod report;
