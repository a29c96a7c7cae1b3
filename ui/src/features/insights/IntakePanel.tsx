// What the telemetry endpoint took and refused: the first place to look when numbers are missing.
import type { ReactNode } from "react";
import type { IntakeView } from "#ui/ipc";
import { KeyValue, Note, Panel, RelativeTime } from "#ui/components";
import styles from "./insights.module.css";

/** The counters of the intake. */
export function IntakePanel({ intake }: { intake: IntakeView }): ReactNode {
  const refused = intake.rejectedMalformed + intake.rejectedTooLarge + intake.rejectedUnauthorized;
  const count = (value: number): string => value.toLocaleString("en");
  return (
    <Panel title="Intake" subtitle={refused === 0 ? "nothing refused" : `${count(refused)} refused`}>
      <div className={styles.stack}>
        <KeyValue
          items={[
            { name: "Accepted", value: count(intake.accepted) },
            { name: "Malformed", value: count(intake.rejectedMalformed) },
            { name: "Too large", value: count(intake.rejectedTooLarge) },
            { name: "Wrong key", value: count(intake.rejectedUnauthorized) },
            { name: "Last accepted", value: intake.lastAcceptedAt === null ? "never" : <RelativeTime at={intake.lastAcceptedAt} /> },
          ]}
        />
        {intake.lastError !== null && (
          <Note tone="warning" title="Last refusal">
            {intake.lastError}
          </Note>
        )}
      </div>
    </Panel>
  );
}
