import clsx from "clsx";
import { useState, type ReactNode } from "react";
import { Dialog, stateLook, StatusPill } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import styles from "./Shell.module.css";

/** What the machine offers, in one line at the foot of the rail; a press tells more. */
export function CapabilityStatus(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const app = useQueryCommand("app_get", {});
  if (app.data === undefined) return <span className={styles.label}>{app.error === null ? "" : "Slipway does not answer"}</span>;
  const capabilities = app.data.capabilities;
  const bad = capabilities.filter((capability) => capability.state === "missing" || capability.state === "failed");
  const starting = capabilities.filter((capability) => capability.state === "starting");
  const state = bad.length > 0 ? "warning" : starting.length > 0 ? "starting" : "ready";
  const text = bad[0] !== undefined ? `${bad[0].title} ${stateLook(bad[0].state).label.toLowerCase()}` : starting[0] !== undefined ? `${starting[0].title} starts` : "All ready";
  return (
    <>
      <button type="button" className={styles.capabilities} onClick={() => setOpen(true)} aria-label={`This machine: ${text}. Details`} title={text}>
        <span className={clsx(styles.dot, styles[state])} aria-hidden="true" />
        <span className={styles.label}>{text}</span>
      </button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="This machine" description={`Slipway ${app.data.version} keeps its data in ${app.data.dataDir}`}>
        <ul className={styles.capabilityList}>
          {capabilities.map((capability) => (
            <li key={capability.key}>
              <div>
                <strong>{capability.title}</strong>
                <p>{capability.detail}</p>
                {capability.hint !== null && <p>{capability.hint}</p>}
              </div>
              <StatusPill state={capability.state} />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
