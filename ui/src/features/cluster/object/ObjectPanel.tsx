// One object beside its list: how it stands, its YAML, logs, a shell, a forward, and what may be done with it.
import { RotateCcw, Scaling, Trash2, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, Button, IconButton, Skeleton, Tabs, type TabItem } from "#ui/components";
import { useQueryCommand, type KubeKindView, type KubeObjectRequest } from "#ui/ipc";
import { wordOf } from "../model/kinds";
import { deedsOf, type Deeds } from "./deeds";
import { DeleteDialog } from "./DeleteDialog";
import { ForwardTab } from "./ForwardTab";
import { LogsTab } from "./LogsTab";
import { RestartDialog } from "./RestartDialog";
import { ScaleDialog } from "./ScaleDialog";
import { ShellTab } from "./ShellTab";
import { SummaryTab } from "./SummaryTab";
import { useObject } from "./use-object";
import { YamlTab } from "./YamlTab";
import styles from "./object.module.css";

export interface ObjectPanelProps {
  context: string;
  kind: KubeKindView;
  kinds: readonly KubeKindView[];
  namespace: string;
  name: string;
  tab: string;
  onTab: (tab: string) => void;
  onClose: () => void;
}

/** The open object. */
export function ObjectPanel({ context, kind, kinds, namespace, name, tab, onTab, onClose }: ObjectPanelProps): ReactNode {
  const [asking, setAsking] = useState<"scale" | "restart" | "delete">();
  const address: KubeObjectRequest = { context, group: kind.group, version: kind.version, plural: kind.plural, namespace, name };
  const object = useObject(address);
  const rights = useQueryCommand("kube_rights", { context, namespace: namespace === "" ? "default" : namespace });
  const deeds = deedsOf(kind, wordOf(kind), name, rights.data);
  const close = (): void => setAsking(undefined);
  return (
    <section className={styles.panel} aria-label={`${kind.kind} ${name}`}>
      <header className={styles.head}>
        <div className={styles.title}>
          <span className={styles.kind}>{kind.kind}</span>
          <h2 className={styles.name}>{name}</h2>
          {namespace !== "" && <span className={styles.namespace}>in {namespace}</span>}
        </div>
        {deeds.scale && (
          <Button size="small" icon={Scaling} onClick={() => setAsking("scale")}>
            Scale
          </Button>
        )}
        {deeds.restart && (
          <Button size="small" icon={RotateCcw} onClick={() => setAsking("restart")}>
            Restart
          </Button>
        )}
        {deeds.remove && (
          <Button size="small" variant="danger" icon={Trash2} onClick={() => setAsking("delete")}>
            Delete
          </Button>
        )}
        <IconButton label="Close the object" icon={X} size="small" onClick={onClose} />
      </header>
      <Answer
        of={object}
        loading={
          <div className={styles.padded}>
            <Skeleton lines={8} />
          </div>
        }
      >
        {(found) => {
          const tabs: TabItem[] = [
            { value: "summary", label: "Summary", content: <SummaryTab context={context} kinds={kinds} object={found} /> },
            { value: "yaml", label: "YAML", content: <YamlTab key={name} address={address} object={found} canEdit={deeds.edit} /> },
            ...tabsOf(deeds, { context, kind, namespace, name, yaml: found.yaml, containers: found.containers }),
          ];
          return <Tabs label={`Of ${name}`} items={tabs} value={tabs.some(({ value }) => value === tab) ? tab : "summary"} onChange={onTab} />;
        }}
      </Answer>
      {asking === "scale" && <ScaleDialog address={address} kind={kind.kind} yaml={object.data?.yaml ?? ""} onClose={close} />}
      {asking === "restart" && <RestartDialog address={address} kind={kind.kind} onClose={close} />}
      {asking === "delete" && <DeleteDialog address={address} kind={kind.kind} onClose={close} onDeleted={onClose} />}
    </section>
  );
}

interface Subject {
  context: string;
  kind: KubeKindView;
  namespace: string;
  name: string;
  yaml: string;
  containers: readonly string[];
}

function tabsOf(deeds: Deeds, { context, kind, namespace, name, yaml, containers }: Subject): TabItem[] {
  return [
    ...(deeds.logs ? [{ value: "logs", label: "Logs", content: <LogsTab key={name} context={context} isPod={kind.plural === "pods"} namespace={namespace} name={name} yaml={yaml} containers={containers} /> }] : []),
    ...(deeds.shell ? [{ value: "shell", label: "Shell", content: <ShellTab key={name} context={context} namespace={namespace} pod={name} containers={containers} /> }] : []),
    ...(deeds.forward ? [{ value: "forward", label: "Forward", content: <ForwardTab key={name} context={context} namespace={namespace} kind={kind.plural === "pods" ? "pod" : kind.plural === "services" ? "service" : "deployment"} name={name} yaml={yaml} /> }] : []),
  ];
}
