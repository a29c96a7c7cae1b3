// The object as YAML, read only: it follows the cluster.
import { useEffect, useRef, type ReactNode } from "react";
import { CopyButton } from "#ui/components";
import type { KubeObjectRequest, KubeObjectView } from "#ui/ipc";
import { openYaml, type YamlEditor } from "../yaml/editor";
import yamlStyles from "../yaml/yaml.module.css";
import styles from "./object.module.css";

export interface YamlTabProps {
  address: KubeObjectRequest;
  object: KubeObjectView;
}

/** Reads an object's YAML. */
export function YamlTab({ address, object }: YamlTabProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor>(undefined);
  const first = useRef({ yaml: object.yaml, label: `YAML of ${address.name}` });
  useEffect(() => {
    if (host.current === null) return undefined;
    const opened = openYaml(host.current, first.current.yaml, first.current.label, false, () => undefined);
    editor.current = opened;
    return () => {
      editor.current = undefined;
      opened.close();
    };
  }, []);
  useEffect(() => editor.current?.replace(object.yaml), [object.yaml]);
  return (
    <div className={styles.fill}>
      <div className={styles.toolbar}>
        <CopyButton text={object.yaml} label="Copy the YAML" />
        <span className={styles.faint}>As the cluster has it, without what only it manages</span>
      </div>
      <div ref={host} className={yamlStyles.host} />
    </div>
  );
}
