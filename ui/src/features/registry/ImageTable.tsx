// Images as rows: what they are called, what they are, who made them, where they run.
import type { ReactNode } from "react";
import type { ImageView } from "#ui/ipc";
import { Bytes, DataTable, Digest, href, ObjectLink, openHref, RelativeTime, type Column } from "#ui/components";
import { RunLinks } from "./RunLinks";
import styles from "./registry.module.css";

const columns: readonly Column<ImageView>[] = [
  {
    key: "image",
    header: "Image",
    cell: (image) => (
      <span className={styles.image}>
        <span className={styles.mono}>{image.repository}</span>
        <span className={styles.tagLine}>
          {image.tags.length === 0 ? <span className={styles.muted}>no tag</span> : image.tags.map((tag) => <code key={tag} className={styles.tagChip}>{tag}</code>)}
        </span>
      </span>
    ),
  },
  { key: "digest", header: "Digest", cell: (image) => (
      <span className={styles.keep}>
        <Digest digest={image.digest} isLink />
      </span>
    ) },
  { key: "size", header: "Size", align: "end", cell: (image) => (
      <span className={styles.keep}>
        <Bytes value={image.sizeBytes} />
      </span>
    ) },
  { key: "pushed", header: "Pushed", isMinor: true, cell: (image) => (
      <span className={styles.keep}>
        <RelativeTime at={image.pushedAt} />
      </span>
    ) },
  { key: "runs", header: "Runs", cell: (image) => <RunLinks runs={image.runs} /> },
  {
    key: "running",
    header: "Running in",
    cell: (image) => (image.runningIn.length === 0 ? <span className={styles.muted}>nowhere</span> : <span className={styles.links}>{image.runningIn.map((name) => <ObjectLink key={name} object={{ kind: "environment", id: name }} />)}</span>),
  },
];

/** A table of images; a row opens its image. */
export function ImageTable({ images }: { images: readonly ImageView[] }): ReactNode {
  return <DataTable label="Pushed images" columns={columns} rows={images} rowKey={(image) => image.digest} onOpen={(image) => openHref(href.image(image.digest))} />;
}
