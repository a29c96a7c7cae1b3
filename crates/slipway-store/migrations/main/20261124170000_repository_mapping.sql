-- Where a repository that a pipeline names in its resources lies on this machine.
CREATE TABLE repository_mapping (
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL COLLATE NOCASE,
    path       TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT;
