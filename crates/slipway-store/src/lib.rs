//! SQLite: migrations and one module per table
