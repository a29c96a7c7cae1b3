// Step 4 by place: repositories and tags as the local registry lists them, and every image that runs pushed, by digest.
import { Package } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type ImageView, type ProjectId, type RegistryView } from "#ui/ipc";
import { Answer, CopyButton, EmptyState, ErrorState, Field, href, Note, PageHeader, Panel, plural, Screen, Skeleton, TextInput } from "#ui/components";
import { ImageTable } from "./ImageTable";
import { RepositoryList, type RepositoryPick } from "./RepositoryList";
import styles from "./registry.module.css";

export interface RegistryScreenProps {
  projectId: ProjectId;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function RegistryScreen({ projectId }: RegistryScreenProps): ReactNode {
  const registry = useQueryCommand("registry_get", {});
  const images = useQueryCommand("image_list", { projectId });
  const [text, setText] = useState("");
  const [pick, setPick] = useState<RepositoryPick>({ repository: null, tag: null });
  const shown = (images.data ?? []).filter((image) => matches(image, text) && isPicked(image, pick));
  // One thing that went wrong is said once, over the whole width.
  const unknown = registry.data === undefined ? registry.error : null;
  const isDead = unknown !== null && images.data === undefined && images.error !== null;
  return (
    <Screen>
      <PageHeader
        title="Registry"
        subtitle={<Address registry={registry.data} />}
        actions={
          <div className={styles.search}>
            <Field label="Filter images" isLabelHidden>
              <TextInput type="search" placeholder="Repository, tag, digest or run" value={text} onChange={(event) => setText(event.currentTarget.value)} />
            </Field>
          </div>
        }
      />
      {unknown !== null && (
        <div className={styles.gapBelow}>
          <ErrorState error={unknown} onRetry={() => void Promise.all([registry.refetch(), images.refetch()])} />
        </div>
      )}
      <div className={styles.room} hidden={isDead}>
        <Panel title="Repositories" subtitle={registry.data?.isReady === true ? plural(registry.data.repositories.length, "repository", "repositories") : undefined} flush>
          {registry.data !== undefined ? (
            <RepositoryList registry={registry.data} pick={pick} onPick={setPick} />
          ) : (
            <div className={styles.inset}>{registry.error === null ? <Skeleton lines={4} /> : <p className={styles.muted}>Not known until the registry answers.</p>}</div>
          )}
        </Panel>
        <Panel title="Images" subtitle={images.data === undefined ? undefined : shown.length === images.data.length ? plural(images.data.length, "digest") : `${shown.length} of ${plural(images.data.length, "digest")}`} flush>
          <Answer
            of={images}
            loading={
              <div className={styles.inset}>
                <Skeleton lines={6} />
              </div>
            }
          >
            {(data) => (
              <>
                {registry.data?.isReady === false && data.length > 0 && (
                  <div className={styles.inset}>
                    <Note tone="warning" title="From Slipway's own record">
                      The registry does not answer, so whether it still holds these images is not confirmed.
                    </Note>
                  </div>
                )}
                {data.length === 0 ? (
                  <EmptyState icon={Package} title="No image was pushed yet" body="A run with a Docker@2 step that pushes puts an image here, with the digest that everything after it refers to." action={<a href={href.loop()}>Go to the Loop and press Run</a>} />
                ) : shown.length === 0 ? (
                  <EmptyState title="No image matches" body="Clear the filter, or choose All repositories." />
                ) : (
                  <ImageTable images={shown} />
                )}
              </>
            )}
          </Answer>
        </Panel>
      </div>
    </Screen>
  );
}

function Address({ registry }: { registry: RegistryView | undefined }): ReactNode {
  if (registry === undefined) return "Images by digest";
  if (registry.address === null) return registry.detail;
  return (
    <span className={styles.address}>
      <code>{registry.address}</code>
      <CopyButton text={registry.address} label="Copy the registry's address" />
      <span>{registry.detail}</span>
    </span>
  );
}

function matches(image: ImageView, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  return [image.repository, image.digest, image.commit ?? "", ...image.tags, ...image.runningIn, ...image.runs.map((run) => run.number)].some((word) => word.toLowerCase().includes(wanted));
}

function isPicked(image: ImageView, pick: RepositoryPick): boolean {
  if (pick.repository !== null && image.repository !== pick.repository) return false;
  return pick.tag === null || image.tags.includes(pick.tag);
}
