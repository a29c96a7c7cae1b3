//! Images that a registry holds, and the runs that pushed them.
//!
//! Two runs may push the same bytes: one image, two runs.

use slipway_core::{Digest, ProjectId, PushedImage, RunId};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::run::RunRow;
use crate::{Store, StoreError};

fn from_row(row: &SqliteRow) -> Result<PushedImage, sqlx::Error> {
    Ok(PushedImage {
        registry: row.cell("registry")?,
        repository: row.cell("repository")?,
        tags: row.json("tags")?,
        digest: row.digest("digest")?,
        config_digest: row.digest("config_digest")?,
        media_type: row.cell("media_type")?,
        size_bytes: row.cell("size_bytes")?,
        pushed_at: row.cell("pushed_at")?,
    })
}

fn id_and_tags(row: &SqliteRow) -> Result<(i64, Vec<String>), sqlx::Error> {
    Ok((row.cell("id")?, row.json("tags")?))
}

impl Store {
    /// Notes that a run pushed an image; tags it already had are kept.
    pub async fn put_image(&self, run: &RunId, image: &PushedImage) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        let known = query(
            "SELECT id, tags FROM pushed_image
             WHERE digest = ? AND registry = ? AND repository = ?",
        )
        .bind(image.digest.as_str())
        .bind(image.registry.as_str())
        .bind(image.repository.as_str());
        let mut tags =
            write.one(known, id_and_tags).await?.map(|(_, tags)| tags).unwrap_or_default();
        for tag in &image.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        let put = query(
            "INSERT INTO pushed_image (digest, registry, repository, tags, config_digest,
                media_type, size_bytes, pushed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (digest, registry, repository) DO UPDATE SET tags = excluded.tags,
                config_digest = excluded.config_digest, media_type = excluded.media_type,
                size_bytes = excluded.size_bytes, pushed_at = excluded.pushed_at
             RETURNING id, tags",
        )
        .bind(image.digest.as_str())
        .bind(image.registry.as_str())
        .bind(image.repository.as_str())
        .bind(to_json("tags", &tags)?)
        .bind(image.config_digest.as_str())
        .bind(image.media_type.as_str())
        .bind(image.size_bytes)
        .bind(image.pushed_at);
        let (id, _) = write
            .one(put, id_and_tags)
            .await?
            .expect("BUG: an insert that returns its row returned none");
        let link = query("INSERT OR IGNORE INTO run_image (run_id, image_id) VALUES (?, ?)");
        let link = write.run(link.bind(run.as_str()).bind(id)).await;
        link.map_err(|error| error.or_missing("run", run))?;
        write.commit().await
    }

    /// An image that a run of the project pushed; the newest push if several repositories hold it.
    pub async fn image(
        &self,
        project: &ProjectId,
        digest: &Digest,
    ) -> Result<Option<PushedImage>, StoreError> {
        let find = query(
            "SELECT pushed_image.* FROM pushed_image
             JOIN run_image ON run_image.image_id = pushed_image.id
             JOIN run ON run.id = run_image.run_id
             WHERE pushed_image.digest = ? AND run.project_id = ?
             ORDER BY pushed_image.pushed_at DESC, pushed_image.id DESC LIMIT 1",
        );
        self.main.one(find.bind(digest.as_str()).bind(project.as_str()), from_row).await
    }

    /// The newest images of a project, newest first.
    pub async fn images(
        &self,
        project: &ProjectId,
        limit: u32,
    ) -> Result<Vec<PushedImage>, StoreError> {
        let list = query(
            "SELECT * FROM pushed_image WHERE id IN (
                SELECT image_id FROM run_image JOIN run ON run.id = run_image.run_id
                WHERE run.project_id = ?)
             ORDER BY pushed_at DESC, id DESC LIMIT ?",
        );
        self.main.all(list.bind(project.as_str()).bind(limit), from_row).await
    }

    /// The images that a run pushed, in the order of their pushes.
    pub async fn images_of_run(&self, run: &RunId) -> Result<Vec<PushedImage>, StoreError> {
        let list = query(
            "SELECT pushed_image.* FROM pushed_image
             JOIN run_image ON run_image.image_id = pushed_image.id
             WHERE run_image.run_id = ? ORDER BY pushed_image.pushed_at, pushed_image.id",
        );
        self.main.all(list.bind(run.as_str()), from_row).await
    }

    /// The runs of a project that pushed a digest, newest first.
    pub async fn runs_of_image(
        &self,
        project: &ProjectId,
        digest: &Digest,
    ) -> Result<Vec<RunRow>, StoreError> {
        let list = query(
            "SELECT * FROM run WHERE project_id = ? AND id IN (
                SELECT run_id FROM run_image
                JOIN pushed_image ON pushed_image.id = run_image.image_id WHERE digest = ?)
             ORDER BY build_id DESC",
        );
        self.main.all(list.bind(project.as_str()).bind(digest.as_str()), crate::run::from_row).await
    }
}
