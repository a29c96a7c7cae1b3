//! Working tree, diff, stage, commit and history of a local repository
