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
, in_order INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX approval_pending ON approval (state) WHERE state = 'pending';

CREATE INDEX approval_run ON approval (run_id, requested_at);

CREATE TABLE artifact (
    run_id     TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    path       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT;

CREATE TABLE artifact_record (
    run_id    TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (run_id, name, record_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE commit_fact (
    project_id   TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    sha          TEXT NOT NULL,
    summary      TEXT NOT NULL,
    body         TEXT NOT NULL,
    author_name  TEXT NOT NULL,
    author_email TEXT NOT NULL,
    branch       TEXT NOT NULL,
    committed_at INTEGER NOT NULL,
    PRIMARY KEY (project_id, sha)
) STRICT;

CREATE INDEX commit_fact_sha ON commit_fact (sha);

CREATE TABLE commit_link (
    project_id   TEXT NOT NULL,
    commit_sha   TEXT NOT NULL,
    work_item_id INTEGER NOT NULL,
    PRIMARY KEY (project_id, commit_sha, work_item_id),
    FOREIGN KEY (project_id, work_item_id) REFERENCES work_item (project_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX commit_link_item ON commit_link (project_id, work_item_id);

CREATE TABLE counter (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    prefix     TEXT NOT NULL,
    value      INTEGER NOT NULL,
    PRIMARY KEY (project_id, prefix)
) STRICT;

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

CREATE TABLE deployment (
    id          TEXT NOT NULL PRIMARY KEY,
    project_id  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    environment TEXT NOT NULL COLLATE NOCASE,
    run_id      TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    commit_sha  TEXT NOT NULL,
    digest      TEXT NOT NULL,
    image       TEXT NOT NULL,
    workload    TEXT NOT NULL,
    state       TEXT NOT NULL,
    result      TEXT,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    url         TEXT,
    issue       TEXT,
    proof       TEXT,
    health      TEXT,
    is_current  INTEGER NOT NULL DEFAULT 0
, reason TEXT NOT NULL DEFAULT 'run', from_deployment TEXT, rollback_of TEXT, rolled_back_by TEXT, signal TEXT, phase TEXT NOT NULL DEFAULT 'done', images TEXT NOT NULL DEFAULT '[]', parameters TEXT NOT NULL DEFAULT '[]', applied TEXT NOT NULL DEFAULT '[]', rollout_seconds INTEGER NOT NULL DEFAULT 120, is_pruning INTEGER NOT NULL DEFAULT 0, has_rollback INTEGER NOT NULL DEFAULT 1, strategy TEXT) STRICT;

CREATE UNIQUE INDEX deployment_current ON deployment (project_id, environment) WHERE is_current = 1;

CREATE INDEX deployment_digest ON deployment (digest);

CREATE INDEX deployment_environment ON deployment (project_id, environment, started_at);

CREATE INDEX deployment_run ON deployment (run_id);

CREATE TABLE deployment_line (
    deployment_id TEXT    NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    text          TEXT    NOT NULL,
    PRIMARY KEY (deployment_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployment_manifest (
    deployment_id TEXT    NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    path          TEXT    NOT NULL,
    -- Null for one that holds a Secret: its text lies encrypted with the secrets.
    text          TEXT,
    PRIMARY KEY (deployment_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE environment (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL COLLATE NOCASE,
    target     TEXT NOT NULL,
    context    TEXT NOT NULL,
    namespace  TEXT NOT NULL,
    variables  TEXT NOT NULL, position INTEGER,
    PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE environment_check (
    project_id  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    environment TEXT NOT NULL COLLATE NOCASE,
    checks      TEXT NOT NULL,
    targets     TEXT NOT NULL,
    PRIMARY KEY (project_id, environment)
) STRICT;

CREATE TABLE environment_hold (
    project_id    TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    environment   TEXT    NOT NULL COLLATE NOCASE,
    deployment_id TEXT    NOT NULL,
    since         INTEGER NOT NULL,
    reason        TEXT    NOT NULL,
    PRIMARY KEY (project_id, environment)
) STRICT;

CREATE TABLE job_output (
    record_id TEXT NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    -- Null for a secret.
    value     TEXT,
    PRIMARY KEY (record_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_chunk (
    record_id  TEXT NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    first_line INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    body       BLOB NOT NULL, packing INTEGER NOT NULL DEFAULT 0,
    UNIQUE (record_id, first_line)
) STRICT;

CREATE TABLE pipeline_variable (
    project_id  TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL COLLATE NOCASE,
    -- Null for a secret.
    value       TEXT,
    is_secret   INTEGER NOT NULL,
    is_settable INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE pool_mapping (
    label TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    image TEXT
) STRICT;

CREATE TABLE project (
    id                TEXT NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL,
    path              TEXT NOT NULL UNIQUE,
    is_sample         INTEGER NOT NULL,
    opened_at         INTEGER NOT NULL,
    next_build_id     INTEGER NOT NULL DEFAULT 1,
    next_work_item_id INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE pushed_image (
    id            INTEGER NOT NULL PRIMARY KEY,
    digest        TEXT NOT NULL,
    registry      TEXT NOT NULL,
    repository    TEXT NOT NULL,
    tags          TEXT NOT NULL,
    config_digest TEXT NOT NULL,
    media_type    TEXT NOT NULL,
    size_bytes    INTEGER NOT NULL,
    pushed_at     INTEGER NOT NULL,
    UNIQUE (digest, registry, repository)
) STRICT;

CREATE TABLE record (
    id            TEXT NOT NULL PRIMARY KEY,
    run_id        TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    parent_id     TEXT,
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    display_name  TEXT NOT NULL,
    task          TEXT,
    position      INTEGER NOT NULL,
    state         TEXT NOT NULL,
    result        TEXT,
    started_at    INTEGER,
    finished_at   INTEGER,
    log_lines     INTEGER NOT NULL DEFAULT 0,
    error_count   INTEGER NOT NULL DEFAULT 0,
    warning_count INTEGER NOT NULL DEFAULT 0,
    issue         TEXT
, kept_from TEXT) STRICT;

CREATE INDEX record_run ON record (run_id, position);

CREATE TABLE repository_mapping (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL COLLATE NOCASE,
    path       TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE run (
    id             TEXT NOT NULL PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    build_id       INTEGER NOT NULL,
    number         TEXT NOT NULL,
    state          TEXT NOT NULL,
    result         TEXT,
    reason         TEXT NOT NULL,
    commit_sha     TEXT NOT NULL,
    commit_summary TEXT NOT NULL,
    branch         TEXT NOT NULL,
    queued_at      INTEGER NOT NULL,
    started_at     INTEGER,
    finished_at    INTEGER,
    issue          TEXT,
    UNIQUE (project_id, build_id)
) STRICT;

CREATE INDEX run_commit ON run (commit_sha);

CREATE INDEX run_number ON run (number);

CREATE INDEX run_unfinished ON run (state) WHERE state <> 'completed';

CREATE TABLE run_attempt (
    run_id     TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    earlier_id TEXT NOT NULL,
    -- 2 for the first one.
    attempt    INTEGER NOT NULL,
    -- Of the first attempt: what the steps see.
    build_id   INTEGER NOT NULL,
    reason     TEXT NOT NULL
) STRICT;

CREATE INDEX run_attempt_earlier ON run_attempt (earlier_id);

CREATE TABLE run_choice (
    run_id         TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    -- JSON: `stage`, `stage/job` or `stage/job/step`.
    targets        TEXT NOT NULL,
    is_with_needed INTEGER NOT NULL,
    -- Such as `only stage Build`.
    text           TEXT NOT NULL
) STRICT;

CREATE TABLE run_counter (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    prefix TEXT NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (run_id, prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_image (
    run_id   TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    image_id INTEGER NOT NULL REFERENCES pushed_image (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_image_image ON run_image (image_id);

CREATE TABLE run_input (
    run_id       TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    -- The pipeline file, if it is not the usual one.
    file         TEXT,
    parameters   TEXT NOT NULL,
    variables    TEXT NOT NULL,
    secret_names TEXT NOT NULL
) STRICT;

CREATE TABLE run_note (
    run_id    TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (run_id, kind, record_id, name)
) STRICT;

CREATE TABLE run_revision (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    prefix     TEXT NOT NULL,
    last       INTEGER NOT NULL,
    PRIMARY KEY (project_id, prefix)
) STRICT;

CREATE TABLE run_skip (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run_id, target)
) STRICT;

CREATE TABLE run_tag (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    tag    TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE secure_file (
    project_id TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL COLLATE NOCASE,
    -- Under which its encrypted content is found.
    id         TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL,
    added_at   INTEGER NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE task_folder (
    path     TEXT NOT NULL PRIMARY KEY,
    added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE task_replacement (
    name    TEXT NOT NULL COLLATE NOCASE,
    version INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE test_case (
    run_id      TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    suite       TEXT NOT NULL,
    name        TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    message     TEXT, test_run TEXT NOT NULL DEFAULT '', stack TEXT, output TEXT,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE variable_group (
    project_id  TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL COLLATE NOCASE,
    description TEXT    NOT NULL,
    -- JSON of where a group was read from; null for one of this machine.
    origin      TEXT,
    -- JSON: name, value (null for a secret), whether it is secret, when a secret was set.
    variables   TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE work_item (
    project_id   TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id           INTEGER NOT NULL,
    item_type    TEXT NOT NULL,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    state        TEXT NOT NULL,
    state_reason TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    problem_id   TEXT,
    PRIMARY KEY (project_id, id)
) STRICT;

CREATE UNIQUE INDEX work_item_problem ON work_item (project_id, problem_id)
    WHERE problem_id IS NOT NULL;

CREATE TABLE work_item_event (
    id           INTEGER NOT NULL PRIMARY KEY,
    project_id   TEXT NOT NULL,
    work_item_id INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    text         TEXT NOT NULL,
    FOREIGN KEY (project_id, work_item_id) REFERENCES work_item (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX work_item_event_item ON work_item_event (project_id, work_item_id, at);
