// Repositories of the registry with their tags; one of them may be picked to narrow the images.
import type { ReactNode } from "react";
import type { RegistryView } from "#ui/ipc";
import { EmptyState } from "#ui/components";
import styles from "./registry.module.css";

/** What narrows the images: a repository, and a tag of it. */
export interface RepositoryPick {
  repository: string | null;
  tag: string | null;
}

export interface RepositoryListProps {
  registry: RegistryView;
  pick: RepositoryPick;
  onPick: (pick: RepositoryPick) => void;
}

/** Tags newest version first: `20261122.10` before `20261122.9`. */
export function sortTags(tags: readonly string[]): string[] {
  return tags.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

/** The repositories, or why they are not known. */
export function RepositoryList({ registry, pick, onPick }: RepositoryListProps): ReactNode {
  if (!registry.isReady) {
    return (
      <div className={styles.inset}>
        <p className={styles.muted}>
          <strong>The registry is not ready</strong>, so its repositories are not known.
        </p>
      </div>
    );
  }
  if (registry.repositories.length === 0) return <EmptyState title="The registry is empty" body="The first push makes a repository." />;
  return (
    <ul className={styles.repositories}>
      <li>
        <button type="button" className={styles.repository} aria-pressed={pick.repository === null} onClick={() => onPick({ repository: null, tag: null })}>
          All repositories
        </button>
      </li>
      {registry.repositories.map((repository) => (
        <li key={repository.name}>
          <button type="button" className={styles.repository} aria-pressed={pick.repository === repository.name && pick.tag === null} onClick={() => onPick({ repository: repository.name, tag: null })}>
            <span className={styles.mono}>{repository.name}</span>
            <span className={styles.count}>
              {repository.tags.length}
              <span className="visuallyHidden"> tags</span>
            </span>
          </button>
          <ul className={styles.tags} aria-label={`Tags of ${repository.name}`}>
            {sortTags(repository.tags).map((tag) => (
              <li key={tag}>
                <button type="button" className={styles.tag} aria-pressed={pick.repository === repository.name && pick.tag === tag} onClick={() => onPick({ repository: repository.name, tag })}>
                  {tag}
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
