// One work item: its words and state, and the thread from its commits to the health of what they became.
import { Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type ExceptionGroup, type ProjectId, type WorkItemDetail, type WorkItemEvent } from "#ui/ipc";
import { Answer, CodeBlock, EmptyState, href, ObjectLink, PageHeader, Panel, plural, RelativeTime, Screen, Skeleton, StatusPill } from "#ui/components";
import { ItemForm } from "./ItemForm";
import { ItemThread } from "./ItemThread";
import { TypeMark } from "./TypeMark";
import styles from "./backlog.module.css";

export interface WorkItemScreenProps {
  projectId: ProjectId;
  id: number;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function WorkItemScreen({ projectId, id }: WorkItemScreenProps): ReactNode {
  const detail = useQueryCommand("work_item_get", { projectId, id });
  const item = detail.data?.item;
  return (
    <Screen>
      <PageHeader
        title={item === undefined ? `AB#${id}` : `AB#${id} ${item.title}`}
        subtitle={
          item !== undefined && (
            <span className={styles.subtitle}>
              <TypeMark type={item.itemType} />
              <StatusPill state={item.state} size="small" />
              <span>{item.stateReason}</span>
            </span>
          )
        }
        actions={
          <a className={styles.action} href={href.thread(`AB#${id}`)}>
            <Waypoints size={16} /> Whole thread
          </a>
        }
      />
      <Answer
        of={detail}
        loading={
          <div className={styles.halves}>
            <Skeleton height={320} />
            <Skeleton height={320} />
          </div>
        }
      >
        {(data) => <Body projectId={projectId} detail={data} />}
      </Answer>
    </Screen>
  );
}

function Body({ projectId, detail }: { projectId: ProjectId; detail: WorkItemDetail }): ReactNode {
  return (
    <div className={styles.stack}>
      <Panel title="Thread" subtitle={detail.item.threadSummary}>
        <ItemThread detail={detail} />
      </Panel>
      <div className={styles.halves}>
        <Panel title="Details">
          <ItemForm key={detail.item.id} projectId={projectId} item={detail.item} />
        </Panel>
        <div className={styles.stack}>
          {detail.exception !== null && <Exception group={detail.exception} />}
          <Panel title="History" subtitle={plural(detail.history.length, "event")}>
            <History events={detail.history} />
          </Panel>
        </div>
      </div>
    </div>
  );
}

function Exception({ group }: { group: ExceptionGroup }): ReactNode {
  return (
    <Panel title="Made from an exception" subtitle={plural(group.count, "time")}>
      <div className={styles.stack}>
        <p>
          <ObjectLink object={{ kind: "exception", id: group.problemId }}>{group.typeName}</ObjectLink>
          <span className={styles.block}>{group.message}</span>
        </p>
        <p className={styles.muted}>
          {group.operation ?? "Outside a request"}, last seen <RelativeTime at={group.lastSeen} />
        </p>
        {group.stack.length > 0 && <CodeBlock label={`Stack of ${group.typeName}`} text={group.stack.join("\n")} />}
      </div>
    </Panel>
  );
}

function History({ events }: { events: readonly WorkItemEvent[] }): ReactNode {
  if (events.length === 0) return <EmptyState title="Nothing happened yet" />;
  return (
    <ol className={styles.history}>
      {events.toSorted((a, b) => b.at - a.at).map((event) => (
        <li key={`${event.at}${event.text}`}>
          <span>{event.text}</span>
          <span className={styles.muted}>
            <RelativeTime at={event.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
