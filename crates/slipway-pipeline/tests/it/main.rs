//! Whole files, from text to plan or to words with a place. The files in `tests/files` are ours.

mod catalog;
mod errors;
mod plans;
mod robust;
mod tree;
mod tree_pieces;
