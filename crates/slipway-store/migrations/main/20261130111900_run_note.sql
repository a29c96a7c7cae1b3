-- What steps told by logging command: summaries and other files, records of their own, progress.
CREATE TABLE run_note (
    run_id    TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (run_id, kind, record_id, name)
) STRICT;

-- counter(prefix, seed) of a project's pipeline.
CREATE TABLE counter (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    prefix     TEXT NOT NULL,
    value      INTEGER NOT NULL,
    PRIMARY KEY (project_id, prefix)
) STRICT;
