//! One SQLite file: a single writer, several readers, and errors that name the file.
//!
//! The tables' modules call this. Writes begin with `BEGIN IMMEDIATE`, so that two writers queue at
//! the start and never fail in the middle; readers are `query_only`. No table is named here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{SqlSafeStr, Sqlite, Transaction};

use crate::error::StoreError;

/// A statement with its values.
pub(crate) type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Reads one row into a struct.
pub(crate) type FromRow<T> = fn(&SqliteRow) -> Result<T, sqlx::Error>;

/// How many may read at once.
const READERS: u32 = 4;
/// How long a connection waits for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(10);

/// A migration: version, slug and text.
pub(crate) type Step = (i64, &'static str, &'static str);

/// What a file should look like.
pub(crate) struct Schema {
    pub(crate) file_name: &'static str,
    /// `user_version` after all migrations; a breaking migration counts it up.
    pub(crate) version: i64,
    pub(crate) migrations: &'static [Step],
}

/// One open database file.
#[derive(Debug)]
pub(crate) struct Database {
    file: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Database {
    /// Opens or makes the file and brings it up to date.
    pub(crate) async fn open(
        dir: &Path,
        schema: &Schema,
        max_page_count: Option<u32>,
    ) -> Result<Self, StoreError> {
        let file = dir.join(schema.file_name);
        let mut options = base_options(&file)
            .create_if_missing(true)
            .page_size(8192)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", "67108864");
        if let Some(pages) = max_page_count {
            options = options.pragma("max_page_count", pages.to_string());
        }
        let writer =
            pool(1).connect_with(options).await.map_err(|source| opening(&file, source))?;
        let found = user_version(&file, &writer).await?;
        if found > schema.version {
            writer.close().await;
            return Err(StoreError::SchemaTooNew { file, found, known: schema.version });
        }
        migrator(schema).run(&writer).await.map_err(|source| migrating(&file, source))?;
        let readers = pool(READERS)
            .connect_with(base_options(&file).pragma("query_only", "ON"))
            .await
            .map_err(|source| opening(&file, source))?;
        Ok(Self { file, writer, readers })
    }

    /// Opens the file beside whoever writes it; nothing can be changed.
    pub(crate) async fn open_read_only(dir: &Path, schema: &Schema) -> Result<Self, StoreError> {
        let file = dir.join(schema.file_name);
        if !file.is_file() {
            return Err(StoreError::NotADataFolder { dir: dir.to_owned(), file });
        }
        // `query_only` and not SQLITE_OPEN_READONLY: after a crash somebody has to replay the WAL.
        let options = base_options(&file).pragma("query_only", "ON");
        let readers =
            pool(READERS).connect_with(options).await.map_err(|source| opening(&file, source))?;
        let found = user_version(&file, &readers).await?;
        let known = schema.version;
        if found != known {
            readers.close().await;
            return Err(if found > known {
                StoreError::SchemaTooNew { file, found, known }
            } else {
                StoreError::SchemaTooOld { file, found, known }
            });
        }
        Ok(Self { file, writer: readers.clone(), readers })
    }

    /// Closes both pools; the last connection folds the WAL into the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Where the file is.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Begins a write; nobody else writes until it is committed or dropped.
    pub(crate) async fn begin(&self) -> Result<Write<'_>, StoreError> {
        let transaction =
            self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|source| self.fail(source))?;
        Ok(Write { database: self, transaction })
    }

    /// Runs one statement as a write of its own; answers the rows it changed.
    pub(crate) async fn write(&self, query: Query) -> Result<u64, StoreError> {
        let mut write = self.begin().await?;
        let changed = write.run(query).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// Runs one statement as a write of its own and reads the row it returns.
    pub(crate) async fn write_one<T>(
        &self,
        query: Query,
        from_row: FromRow<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut write = self.begin().await?;
        let row = write.one(query, from_row).await?;
        write.commit().await?;
        Ok(row)
    }

    /// Reads every row.
    pub(crate) async fn all<T>(
        &self,
        query: Query,
        from_row: FromRow<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = query.fetch_all(&self.readers).await.map_err(|source| self.fail(source))?;
        rows.iter().map(from_row).collect::<Result<_, _>>().map_err(|source| self.fail(source))
    }

    /// Reads the first row, if there is one.
    pub(crate) async fn one<T>(
        &self,
        query: Query,
        from_row: FromRow<T>,
    ) -> Result<Option<T>, StoreError> {
        let row = query.fetch_optional(&self.readers).await.map_err(|source| self.fail(source))?;
        row.as_ref().map(from_row).transpose().map_err(|source| self.fail(source))
    }

    fn fail(&self, source: sqlx::Error) -> StoreError {
        StoreError::from_query(&self.file, source)
    }
}

/// A write that is going on; dropped without a commit, it never was.
pub(crate) struct Write<'db> {
    database: &'db Database,
    transaction: Transaction<'static, Sqlite>,
}

impl Write<'_> {
    /// Runs a statement; answers the rows it changed.
    pub(crate) async fn run(&mut self, query: Query) -> Result<u64, StoreError> {
        let done = query.execute(&mut *self.transaction).await;
        Ok(done.map_err(|source| self.database.fail(source))?.rows_affected())
    }

    /// Reads every row.
    pub(crate) async fn all<T>(
        &mut self,
        query: Query,
        from_row: FromRow<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = query.fetch_all(&mut *self.transaction).await;
        let rows = rows.map_err(|source| self.database.fail(source))?;
        let read: Result<Vec<T>, _> = rows.iter().map(from_row).collect();
        read.map_err(|source| self.database.fail(source))
    }

    /// Reads the first row, if there is one.
    pub(crate) async fn one<T>(
        &mut self,
        query: Query,
        from_row: FromRow<T>,
    ) -> Result<Option<T>, StoreError> {
        let row = query.fetch_optional(&mut *self.transaction).await;
        let row = row.map_err(|source| self.database.fail(source))?;
        row.as_ref().map(from_row).transpose().map_err(|source| self.database.fail(source))
    }

    /// Makes it lasting: once this answers, the rows survive the end of the process.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(|source| self.database.fail(source))
    }
}

fn base_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).foreign_keys(true).busy_timeout(BUSY)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

async fn user_version(file: &Path, pool: &SqlitePool) -> Result<i64, StoreError> {
    sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(pool)
        .await
        .map_err(|source| opening(file, source))
}

fn migrator(schema: &Schema) -> Migrator {
    let steps = schema.migrations.iter().map(|(version, slug, sql)| {
        Migration::new(
            *version,
            (*slug).into(),
            MigrationType::Simple,
            (*sql).into_sql_str(),
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    // Additive steps of a newer version do no harm; a breaking one has counted up user_version.
    migrator.set_ignore_missing(true);
    migrator
}

fn opening(file: &Path, source: sqlx::Error) -> StoreError {
    match StoreError::from_query(file, source) {
        StoreError::Query { file, source } => StoreError::Open { file, source },
        other => other,
    }
}

fn migrating(file: &Path, source: sqlx::migrate::MigrateError) -> StoreError {
    use sqlx::migrate::MigrateError;
    match source {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if source.as_database_error().is_some() =>
        {
            match StoreError::from_query(file, source) {
                StoreError::Query { file, source } => {
                    StoreError::Migrate { file, source: Box::new(MigrateError::Execute(source)) }
                }
                other => other,
            }
        }
        source => StoreError::Migrate { file: file.to_owned(), source: Box::new(source) },
    }
}
