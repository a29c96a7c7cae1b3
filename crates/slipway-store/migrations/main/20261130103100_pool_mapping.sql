-- Where the jobs of a pool run: a label of vmImage or a pool's name, and an image, or nothing for this machine.
CREATE TABLE pool_mapping (
    label TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    image TEXT
) STRICT;
