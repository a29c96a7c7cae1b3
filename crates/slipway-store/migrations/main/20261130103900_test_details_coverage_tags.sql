-- What a test tells beside its message, how much of each file was run, and what a run is tagged with.

ALTER TABLE test_case ADD COLUMN test_run TEXT NOT NULL DEFAULT '';
ALTER TABLE test_case ADD COLUMN stack TEXT;
ALTER TABLE test_case ADD COLUMN output TEXT;

CREATE TABLE coverage_file (
    run_id           TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position         INTEGER NOT NULL,
    path             TEXT NOT NULL,
    lines_covered    INTEGER NOT NULL,
    lines_total      INTEGER NOT NULL,
    branches_covered INTEGER NOT NULL,
    branches_total   INTEGER NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_tag (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    tag    TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;
