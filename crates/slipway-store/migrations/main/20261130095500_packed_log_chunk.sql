-- How a chunk's body is written: 0 plain, 1 packed; src/log_chunk.rs describes both.
ALTER TABLE log_chunk ADD COLUMN packing INTEGER NOT NULL DEFAULT 0;
