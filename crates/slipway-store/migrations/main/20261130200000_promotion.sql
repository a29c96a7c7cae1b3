-- In which order a digest goes through a project's environments.
ALTER TABLE environment ADD COLUMN position INTEGER;

-- A rollback by hand: automatic deployments wait until somebody lifts it.
CREATE TABLE environment_hold (
    project_id    TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    environment   TEXT    NOT NULL COLLATE NOCASE,
    deployment_id TEXT    NOT NULL,
    since         INTEGER NOT NULL,
    reason        TEXT    NOT NULL,
    PRIMARY KEY (project_id, environment)
) STRICT;

ALTER TABLE deployment ADD COLUMN reason TEXT NOT NULL DEFAULT 'run';
ALTER TABLE deployment ADD COLUMN from_deployment TEXT;
-- The deployment whose failure caused it.
ALTER TABLE deployment ADD COLUMN rollback_of TEXT;
ALTER TABLE deployment ADD COLUMN rolled_back_by TEXT;
-- What failed, as it was seen then.
ALTER TABLE deployment ADD COLUMN signal TEXT;
-- Written before it begins.
ALTER TABLE deployment ADD COLUMN phase TEXT NOT NULL DEFAULT 'done';
-- JSON: every image of it; `digest` is the main workload's.
ALTER TABLE deployment ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
-- JSON: what stood for the manifests' tokens; a secret as `***`.
ALTER TABLE deployment ADD COLUMN parameters TEXT NOT NULL DEFAULT '[]';
-- JSON: the objects that were applied.
ALTER TABLE deployment ADD COLUMN applied TEXT NOT NULL DEFAULT '[]';
ALTER TABLE deployment ADD COLUMN rollout_seconds INTEGER NOT NULL DEFAULT 120;
ALTER TABLE deployment ADD COLUMN is_pruning INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN has_rollback INTEGER NOT NULL DEFAULT 1;

-- Manifests as they were written.
CREATE TABLE deployment_manifest (
    deployment_id TEXT    NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    path          TEXT    NOT NULL,
    -- Null for one that holds a Secret: its text lies encrypted with the secrets.
    text          TEXT,
    PRIMARY KEY (deployment_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployment_line (
    deployment_id TEXT    NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    text          TEXT    NOT NULL,
    PRIMARY KEY (deployment_id, number)
) STRICT, WITHOUT ROWID;
