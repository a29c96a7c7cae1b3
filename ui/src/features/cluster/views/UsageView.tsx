// CPU and memory of nodes and pods, the heaviest first, where the cluster measures them.
import { useState, type ReactNode } from "react";
import { Answer, EmptyState, href, Segmented } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import { cpuWord, memoryWord } from "../model/usage";
import styles from "./views.module.css";

const refreshMs = 15_000;
const MOST = 200;

interface Use {
  name: string;
  namespace: string;
  cpuMilli: number;
  memoryBytes: number;
}
type By = "cpuMilli" | "memoryBytes";

function Meter({ part }: { part: number }): ReactNode {
  return (
    <span className={styles.meter} aria-hidden="true">
      <span style={{ width: `${Math.max(1, Math.round(part * 100))}%` }} />
    </span>
  );
}

function Rows({ label, uses, by, linkOf }: { label: string; uses: readonly Use[]; by: By; linkOf: (use: Use) => string }): ReactNode {
  const most = { cpu: Math.max(1, ...uses.map(({ cpuMilli }) => cpuMilli)), memory: Math.max(1, ...uses.map(({ memoryBytes }) => memoryBytes)) };
  const sorted = uses.toSorted((one, other) => other[by] - one[by]).slice(0, MOST);
  return (
    <>
      <h3 className={styles.heading}>{label}</h3>
      <ul className={styles.framed} aria-label={label}>
        {sorted.map((use) => (
          <li key={`${use.namespace}/${use.name}`} className={styles.usageRow}>
            <a href={linkOf(use)}>{use.name}</a>
            <Meter part={use.cpuMilli / most.cpu} />
            <span className={styles.number}>{cpuWord(use.cpuMilli)}</span>
            <Meter part={use.memoryBytes / most.memory} />
            <span className={styles.number}>{memoryWord(use.memoryBytes)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is used. */
export function UsageView({ context, namespace }: { context: string; namespace: string }): ReactNode {
  const usage = useQueryCommand("kube_usage", { context, namespace }, { pollMs: refreshMs, isFresh: true });
  const [by, setBy] = useState<By>("cpuMilli");
  return (
    <section className={styles.view} aria-label="Usage">
      <div className={styles.bar}>
        <Segmented
          label="Heaviest by"
          value={by}
          onChange={setBy}
          options={[
            { value: "cpuMilli", label: "CPU" },
            { value: "memoryBytes", label: "Memory" },
          ]}
        />
        <span className={styles.faint}>Bars compare with the heaviest. CPU in cores or thousandths of one (m).</span>
      </div>
      {/* Scrolled by keyboard, so it takes the focus. */}
      {/* oxlint-disable-next-line no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label="Usage of nodes and pods" tabIndex={0}>
        <Answer of={usage}>
          {(data) =>
            data.isServed ? (
              <>
                <Rows label="Nodes" uses={data.nodes.map((node) => ({ ...node, namespace: "" }))} by={by} linkOf={({ name }) => href.cluster({ context, kind: "nodes", object: name })} />
                <Rows label="Pods" uses={data.pods} by={by} linkOf={(use) => href.cluster({ context, namespace: use.namespace, kind: "pods", object: use.name, within: use.namespace })} />
              </>
            ) : (
              <EmptyState title="This cluster measures no usage" body="It serves no metrics API. On AKS it is there by itself; elsewhere the metrics-server adds it." />
            )
          }
        </Answer>
      </section>
    </section>
  );
}
