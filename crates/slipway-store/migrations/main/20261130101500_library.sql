-- What the Library holds. Values of secrets and secure files are elsewhere: in the keychain or an encrypted file.
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

CREATE TABLE secure_file (
    project_id TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL COLLATE NOCASE,
    -- Under which its encrypted content is found.
    id         TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL,
    added_at   INTEGER NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;

-- What a run was started with beside its commit; of secrets only the names.
CREATE TABLE run_input (
    run_id       TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    -- The pipeline file, if it is not the usual one.
    file         TEXT,
    parameters   TEXT NOT NULL,
    variables    TEXT NOT NULL,
    secret_names TEXT NOT NULL
) STRICT;
