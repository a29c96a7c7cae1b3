-- Approvers may be asked one after the other.
ALTER TABLE approval ADD COLUMN in_order INTEGER NOT NULL DEFAULT 0;
