// The events of a namespace as a time line, newest above.
import { useState, type ReactNode } from "react";
import { Answer, EmptyState, Field, plural, Segmented, TextInput } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import { EventList } from "./EventList";
import { eventsOf } from "./events";
import styles from "./views.module.css";

const refreshMs = 3_000;
const MOST = 500;

/** What happens in a namespace. */
export function EventsView({ context, namespace }: { context: string; namespace: string }): ReactNode {
  const events = useQueryCommand("kube_events", { context, namespace, limit: MOST }, { pollMs: refreshMs, isFresh: true });
  const [filter, setFilter] = useState("");
  const [shown, setShown] = useState<"all" | "warnings">("all");
  return (
    <section className={styles.view} aria-label="Events">
      <div className={styles.bar}>
        <div className={styles.filter}>
          <Field label="Filter events" isLabelHidden>
            <TextInput value={filter} placeholder="Filter events" onChange={(event) => setFilter(event.target.value)} onKeyDown={(event) => event.key === "Escape" && setFilter("")} />
          </Field>
        </div>
        <Segmented
          label="Which events"
          value={shown}
          onChange={setShown}
          options={[
            { value: "all", label: "All" },
            { value: "warnings", label: "Warnings" },
          ]}
        />
      </div>
      {/* Scrolled by keyboard, so it takes the focus. */}
      {/* oxlint-disable-next-line no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label="Time line" tabIndex={0}>
        <Answer of={events}>
          {(data) => {
            const found = eventsOf(data, filter, shown === "warnings");
            if (found.length === 0) return <EmptyState title={data.length === 0 ? "Nothing happened lately" : "No event matches"} body={data.length === 0 ? "A cluster forgets its events after about an hour." : `${plural(data.length, "event")} in all.`} />;
            return <EventList context={context} events={found} />;
          }}
        </Answer>
      </section>
    </section>
  );
}
