// Where to begin when nothing is followed yet: the newest commits and images, and the work items.
import { Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Answer, EmptyState, href, ObjectLink, Panel, RelativeTime } from "#ui/components";
import styles from "./thread.module.css";

const limit = 6;

/** The search's empty state, with places to begin. */
export function ThreadStart({ projectId }: { projectId: ProjectId }): ReactNode {
  const commits = useQueryCommand("commit_list", { projectId, limit });
  const images = useQueryCommand("image_list", { projectId });
  const items = useQueryCommand("work_item_list", { projectId });
  const isBare = commits.data?.length === 0 && images.data?.length === 0 && items.data?.length === 0;
  if (isBare) return <EmptyState icon={Waypoints} title="There is no thread yet" body="The first commit begins one: commit a change, and its run, image, deployment and health hang on by themselves." action={<a href={href.changes()}>Go to Changes</a>} />;
  return (
    <section aria-label="Where to begin" className={styles.start}>
      <Panel title="Newest commits">
        <Answer of={commits}>
          {(data) => (
            <List
              rows={data.map((commit) => ({
                key: commit.sha,
                link: (
                  <ObjectLink toThread object={{ kind: "commit", id: commit.sha }}>
                    {commit.shortSha}
                  </ObjectLink>
                ),
                text: commit.summary,
                at: commit.committedAt,
              }))}
            />
          )}
        </Answer>
      </Panel>
      <Panel title="Newest images">
        <Answer of={images}>{(data) => <List rows={data.slice(0, limit).map((image) => ({ key: image.digest, link: <ObjectLink toThread object={{ kind: "image", id: image.digest }} />, text: `${image.repository}:${image.tags[0] ?? "untagged"}`, at: image.pushedAt }))} />}</Answer>
      </Panel>
      <Panel title="Work items">
        <Answer of={items}>{(data) => <List rows={data.slice(0, limit).map((item) => ({ key: String(item.id), link: <a href={href.thread(`AB#${item.id}`)}>AB#{item.id}</a>, text: item.title, at: item.changedAt }))} />}</Answer>
      </Panel>
    </section>
  );
}

interface Row {
  key: string;
  link: ReactNode;
  text: string;
  at: number;
}

function List({ rows }: { rows: readonly Row[] }): ReactNode {
  if (rows.length === 0) return <p className={styles.muted}>None yet.</p>;
  return (
    <ul className={styles.startList}>
      {rows.map((row) => (
        <li key={row.key}>
          <span className={styles.startLink}>{row.link}</span>
          <span className={styles.startText}>{row.text}</span>
          <span className={styles.muted}>
            <RelativeTime at={row.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
