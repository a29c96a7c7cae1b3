-- What must hold before a stage uses an environment, and the targets that it lists; both as JSON.
CREATE TABLE environment_check (
    project_id  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    environment TEXT NOT NULL COLLATE NOCASE,
    checks      TEXT NOT NULL,
    targets     TEXT NOT NULL,
    PRIMARY KEY (project_id, environment)
) STRICT;

-- What somebody is or was asked on account of a run.
CREATE TABLE approval (
    id                    TEXT NOT NULL PRIMARY KEY,
    run_id                TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    record_id             TEXT NOT NULL,
    kind                  TEXT NOT NULL,
    stage                 TEXT NOT NULL,
    subject               TEXT NOT NULL,
    instructions          TEXT NOT NULL,
    approvers             TEXT NOT NULL,
    minimum_approvers     INTEGER NOT NULL,
    requester_may_approve INTEGER NOT NULL,
    is_skippable          INTEGER NOT NULL,
    requested_by          TEXT NOT NULL,
    requested_at          INTEGER NOT NULL,
    expires_at            INTEGER,
    state                 TEXT NOT NULL,
    decided_at            INTEGER,
    answers               TEXT NOT NULL
) STRICT;
CREATE INDEX approval_run ON approval (run_id, requested_at);
CREATE INDEX approval_pending ON approval (state) WHERE state = 'pending';
