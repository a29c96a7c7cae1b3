-- What of its pipeline a run was asked for.
CREATE TABLE run_choice (
    run_id         TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    -- JSON: `stage`, `stage/job` or `stage/job/step`.
    targets        TEXT NOT NULL,
    is_with_needed INTEGER NOT NULL,
    -- Such as `only stage Build`.
    text           TEXT NOT NULL
) STRICT;

-- A run that goes on where an earlier one failed.
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

-- The record of an earlier attempt, with its log, that this one stands for.
ALTER TABLE record ADD COLUMN kept_from TEXT;

CREATE TABLE job_output (
    record_id TEXT NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    -- Null for a secret.
    value     TEXT,
    PRIMARY KEY (record_id, name)
) STRICT, WITHOUT ROWID;

-- Which steps published or added to an artifact.
CREATE TABLE artifact_record (
    run_id    TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (run_id, name, record_id)
) STRICT, WITHOUT ROWID;

-- What `counter()` gave to a run.
CREATE TABLE run_counter (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    prefix TEXT NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (run_id, prefix)
) STRICT, WITHOUT ROWID;
