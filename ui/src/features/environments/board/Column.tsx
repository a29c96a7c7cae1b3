// One environment as a column of the board: what runs, how far it is behind, what holds it, what goes on, what to do next.
import clsx from "clsx";
import { ArrowRight, EllipsisVertical, ExternalLink, FolderTree, GripVertical, History, Lock, MoveLeft, MoveRight, Package, Pencil, ShieldCheck, Trash2, TriangleAlert } from "lucide-react";
import { Menu } from "@base-ui/react/menu";
import type { ReactNode } from "react";
import { useMutationCommand, type CommitView, type EnvironmentView, type ProjectId, type PromotionColumn } from "#ui/ipc";
import { Button, CommitChip, Digest, href, MenuItem, MenuList, ObjectLink, plural, RelativeTime, StatusPill } from "#ui/components";
import { healthOf } from "./standing";
import { UnderWay } from "./UnderWay";
import { Waiting } from "./Waiting";
import type { Handle } from "./use-order";
import styles from "./board.module.css";

/** What may be asked of a column; the screen opens the dialog. */
export type ColumnWish = "edit" | "checks" | "history" | "deploy" | "promote" | "drift" | "remove";

export interface ColumnProps {
  projectId: ProjectId;
  column: PromotionColumn;
  /** Name of the column before. */
  before: string | undefined;
  commits: readonly CommitView[];
  isChosen: boolean;
  isDragged: boolean;
  handle: Handle;
  onChoose: () => void;
  onMove: (step: number) => void;
  onWish: (wish: ColumnWish) => void;
}

/** A column of the board. */
export function Column({ projectId, column, before, commits, isChosen, isDragged, handle, onChoose, onMove, onWish }: ColumnProps): ReactNode {
  const { environment, promoteTo } = column;
  const current = environment.current;
  return (
    <section className={clsx(styles.column, isChosen && styles.chosen, isDragged && styles.dragged)} aria-label={`Environment ${environment.name}`} data-column={environment.name}>
      <header className={styles.head}>
        <button type="button" className={styles.grip} aria-label={`Move ${environment.name}: arrow keys or drag`} title="Drag, or use the arrow keys, to change the order of promotion" {...handle}>
          <GripVertical size={16} />
        </button>
        <h2 className={styles.name}>
          <button type="button" className={styles.choose} aria-pressed={isChosen} onClick={onChoose}>
            {environment.name}
          </button>
        </h2>
        {current !== null && <StatusPill state={healthOf(environment).state} label={healthOf(environment).word} size="small" />}
        <ColumnMenu column={column} onMove={onMove} onWish={onWish} />
      </header>
      <p className={styles.target}>
        <Target environment={environment} />
      </p>
      <p className={clsx(styles.behind, (column.behind ?? 0) > 0 && styles.isBehind)}>{placeOf(column, before)}</p>
      <div className={styles.body}>
        {environment.problem !== null && (
          <p className={styles.problem} role="note">
            <TriangleAlert size={14} aria-hidden="true" /> {environment.problem}
          </p>
        )}
        {current === null ? column.underWay === null && column.waiting === null && <Nothing environment={environment} onWish={onWish} /> : <Current column={column} commits={commits} onWish={onWish} />}
        {column.hold !== null && <Hold projectId={projectId} column={column} />}
        {column.waiting !== null && <Waiting key={column.waiting.id} deployment={column.waiting} isBusy={column.underWay !== null} />}
        {column.underWay !== null && <UnderWay deployment={column.underWay} isInterrupted={column.isInterrupted} />}
      </div>
      {current !== null && (
        <footer className={styles.foot}>
          {promoteTo === null ? (
            <Button icon={History} onClick={() => onWish("history")}>
              History
            </Button>
          ) : (
            <Button variant="primary" className={styles.promote} disabled={current.state !== "completed"} onClick={() => onWish("promote")}>
              Promote to {promoteTo} <ArrowRight size={16} aria-hidden="true" />
            </Button>
          )}
          {current.url !== null && (
            <a className={styles.openApp} href={current.url} target="_blank" rel="noreferrer" aria-label={`Open the app in ${environment.name}`}>
              Open <ExternalLink size={14} aria-hidden="true" />
            </a>
          )}
        </footer>
      )}
    </section>
  );
}

function placeOf({ behind }: PromotionColumn, before: string | undefined): string {
  if (before === undefined) return "First in the order";
  if (behind === null) return `After ${before}`;
  return behind === 0 ? `Level with ${before}` : `${plural(behind, "commit")} behind ${before}`;
}

function Target({ environment }: { environment: EnvironmentView }): ReactNode {
  if (environment.target === "local") return "Containers on this machine";
  const namespace = environment.namespace === "" ? "default" : environment.namespace;
  return (
    <a href={href.cluster({ context: environment.context, namespace })} title="Open in the cluster view">
      <code>{environment.context === "" ? "no context" : environment.context}</code> / <code>{namespace}</code>
    </a>
  );
}

function Current({ column, commits, onWish }: { column: PromotionColumn; commits: readonly CommitView[]; onWish: (wish: ColumnWish) => void }): ReactNode {
  const { environment, drift } = column;
  const { current, pods } = environment;
  if (current === null) return null;
  const ready = pods.filter((pod) => pod.isReady).length;
  const commit = commits.find(({ sha }) => sha === current.commit);
  return (
    <section aria-label={`Current deployment of ${environment.name}`} className={styles.current}>
      <p className={styles.message}>{commit?.summary ?? current.image}</p>
      <dl className={styles.facts}>
        <div>
          <dt>Digest</dt>
          <dd>
            <Digest digest={current.digest} isLink />
          </dd>
        </div>
        <div>
          <dt>Commit</dt>
          <dd>{current.commit === "" ? <span className={styles.faint}>not known</span> : <CommitChip sha={current.commit} />}</dd>
        </div>
        <div>
          <dt>Deployed</dt>
          <dd>
            <a href={href.deployment(current.id)} className={styles.quiet}>
              <RelativeTime at={current.finishedAt ?? current.startedAt} />
            </a>
            {current.runId !== "" && <ObjectLink object={{ kind: "run", id: current.runId }}>{current.runNumber}</ObjectLink>}
          </dd>
        </div>
        <div>
          <dt>Pods</dt>
          <dd>{environment.problem !== null && pods.length === 0 ? <span className={styles.faint}>not known</span> : `${ready} of ${pods.length} ready`}</dd>
        </div>
        <div>
          <dt>Proof</dt>
          <dd>{current.proof === null ? <span className={styles.faint}>not made yet</span> : <StatusPill state={current.proof.isProven ? "proven" : "unproven"} size="small" />}</dd>
        </div>
        <div>
          <dt>Drift</dt>
          <dd>
            {drift.state === "drifted" ? (
              <button type="button" className={styles.driftButton} onClick={() => onWish("drift")}>
                <StatusPill state="drifted" label={`${plural(drift.objects.length, "object")} changed`} size="small" /> Show
              </button>
            ) : (
              <span className={styles.drift} title={drift.problem ?? undefined}>
                {drift.state === "none" ? "None" : <span className={styles.faint}>{drift.problem ?? "not looked at yet"}</span>}
                {drift.checkedAt !== null && (
                  <span className={styles.faint}>
                    <RelativeTime at={drift.checkedAt} />
                  </span>
                )}
              </span>
            )}
          </dd>
        </div>
      </dl>
      {current.reason === "rollback" || current.reason === "automaticRollback" ? (
        <p className={styles.sentence}>
          {current.reason === "rollback" ? "Rolled back by hand." : "Rolled back by itself."}
          {current.rollbackOf !== null && (
            <>
              {" "}
              <a href={href.deployment(current.rollbackOf)}>See what failed</a>
            </>
          )}
        </p>
      ) : null}
    </section>
  );
}

function Hold({ projectId, column }: { projectId: ProjectId; column: PromotionColumn }): ReactNode {
  const release = useMutationCommand("environment_release", { failureTitle: "The hold was not released" });
  if (column.hold === null) return null;
  const { name } = column.environment;
  return (
    <section className={styles.hold} aria-label={`Hold of ${name}`}>
      <div className={styles.holdHead}>
        <Lock size={14} aria-hidden="true" />
        <strong>Automatic deployments are held</strong>
        <Button size="small" isBusy={release.isPending} aria-label={`Release the hold of ${name}`} onClick={() => release.mutate({ projectId, environment: name })}>
          Release
        </Button>
      </div>
      <p>
        {column.hold.reason} <RelativeTime at={column.hold.since} />.
      </p>
    </section>
  );
}

function Nothing({ environment, onWish }: { environment: EnvironmentView; onWish: (wish: ColumnWish) => void }): ReactNode {
  return (
    <div className={styles.nothing}>
      <Package size={22} strokeWidth={1.6} aria-hidden="true" />
      <p className={styles.nothingTitle}>Nothing runs here yet</p>
      <p>
        A run whose deployment job names <code>{environment.name}</code> puts an image here. Or deploy one that is in the registry.
      </p>
      <div className={styles.nothingActions}>
        <Button variant="primary" size="small" onClick={() => onWish("deploy")}>
          Deploy an image…
        </Button>
        <a href={href.loop()}>Go to the Loop</a>
      </div>
    </div>
  );
}

function ColumnMenu({ column, onMove, onWish }: { column: PromotionColumn; onMove: (step: number) => void; onWish: (wish: ColumnWish) => void }): ReactNode {
  const { environment } = column;
  return (
    <MenuList
      trigger={
        <Menu.Trigger className={styles.more} aria-label={`More for ${environment.name}`}>
          <EllipsisVertical size={16} />
        </Menu.Trigger>
      }
    >
      <MenuItem icon={Package} onClick={() => onWish("deploy")}>
        Deploy an image…
      </MenuItem>
      <MenuItem icon={History} onClick={() => onWish("history")}>
        History and roll back…
      </MenuItem>
      {environment.target === "kubernetes" && (
        <MenuItem icon={FolderTree} onClick={() => (window.location.hash = href.cluster({ context: environment.context, namespace: environment.namespace === "" ? "default" : environment.namespace }))}>
          Open in the cluster view
        </MenuItem>
      )}
      <Menu.Separator className={styles.menuLine} />
      <MenuItem icon={Pencil} onClick={() => onWish("edit")}>
        Edit…
      </MenuItem>
      <MenuItem icon={ShieldCheck} onClick={() => onWish("checks")}>
        Approvals and checks…
      </MenuItem>
      <MenuItem icon={MoveLeft} onClick={() => onMove(-1)}>
        Move earlier
      </MenuItem>
      <MenuItem icon={MoveRight} onClick={() => onMove(1)}>
        Move later
      </MenuItem>
      <Menu.Separator className={styles.menuLine} />
      <MenuItem icon={Trash2} onClick={() => onWish("remove")}>
        Forget this environment…
      </MenuItem>
    </MenuList>
  );
}
