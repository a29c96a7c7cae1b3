-- JSON: how it comes beside what runs, and what became of it; null where the pods are rolled.
ALTER TABLE deployment ADD COLUMN strategy TEXT;
