//! Whole files, from text to plan or to words with a place. The files in `tests/files` are ours.

mod catalog;
mod conformance;
mod conformance_edits;
mod conformance_expressions;
mod conformance_macros;
mod conformance_pipeline;
mod conformance_random;
mod conformance_support;
mod conformance_triggers;
mod corpus;
mod cpu;
mod edit_exact;
mod edit_oracle;
mod edit_random;
mod edit_words;
mod errors;
mod gesture_oracle;
mod gesture_random;
mod gestures;
mod graphs;
mod plans;
mod remarks;
mod robust;
mod templates;
mod tree;
mod tree_pieces;
