-- Folders of tasks that the user points at.
CREATE TABLE task_folder (
    path     TEXT NOT NULL PRIMARY KEY,
    added_at INTEGER NOT NULL
) STRICT;

-- Tasks of such folders that stand in for the runner's own of the same name.
CREATE TABLE task_replacement (
    name    TEXT NOT NULL COLLATE NOCASE,
    version INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- What the user chose to leave out of a run because it cannot run here.
CREATE TABLE run_skip (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run_id, target)
) STRICT;
