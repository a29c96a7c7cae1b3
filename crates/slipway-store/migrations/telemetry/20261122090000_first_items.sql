-- Telemetry as it was taken, one row an item. Instants are epoch milliseconds.

-- A project's environment, so that an item carries a number and not two texts.
CREATE TABLE source (
    id          INTEGER NOT NULL PRIMARY KEY,
    project_id  TEXT NOT NULL,
    environment TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (project_id, environment)
) STRICT;

-- kind: 1 request, 2 dependency, 3 exception, 4 trace, 5 event, 6 metric, 7 availability, 8 page view.
CREATE TABLE item (
    id                  INTEGER NOT NULL PRIMARY KEY,
    source_id           INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    deployment_id       TEXT,
    kind                INTEGER NOT NULL,
    at                  INTEGER NOT NULL,
    item_count          INTEGER NOT NULL,
    operation_id        TEXT,
    operation_name      TEXT,
    operation_parent_id TEXT,
    role_name           TEXT,
    role_instance       TEXT,
    app_version         TEXT,
    name                TEXT NOT NULL,
    url                 TEXT,
    result_code         TEXT,
    success             INTEGER,
    duration_ms         REAL,
    message             TEXT,
    severity            INTEGER,
    type_name           TEXT,
    problem_id          TEXT,
    stack               TEXT,
    value               REAL,
    properties          TEXT NOT NULL
) STRICT;
CREATE INDEX item_source_kind_at ON item (source_id, kind, at);
CREATE INDEX item_problem ON item (problem_id, at) WHERE problem_id IS NOT NULL;
CREATE INDEX item_operation ON item (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX item_at ON item (at);

-- What the endpoint took and refused since it was made: one row.
CREATE TABLE intake (
    id                    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    accepted              INTEGER NOT NULL,
    rejected_malformed    INTEGER NOT NULL,
    rejected_too_large    INTEGER NOT NULL,
    rejected_unauthorized INTEGER NOT NULL,
    last_error            TEXT,
    last_accepted_at      INTEGER
) STRICT;
INSERT INTO intake VALUES (1, 0, 0, 0, 0, NULL, NULL);

PRAGMA user_version = 1;
