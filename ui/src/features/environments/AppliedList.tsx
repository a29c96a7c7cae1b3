// The objects that a deployment applied, each a step away in the cluster's room.
import type { ReactNode } from "react";
import { useQueryCommand, type DeploymentView } from "#ui/ipc";
import { href, Panel, plural } from "#ui/components";
import { objectKey } from "./plan/groups";
import { kindWordOf } from "./kind-word";
import styles from "./environments.module.css";

/** What was applied. */
export function AppliedList({ deployment }: { deployment: DeploymentView }): ReactNode {
  const environments = useQueryCommand("environment_list", { projectId: deployment.projectId });
  const found = environments.data?.find(({ name }) => name === deployment.environment);
  if (deployment.applied.length === 0) return null;
  return (
    <Panel title="Applied" subtitle={plural(deployment.applied.length, "object")}>
      <ul className={styles.applied}>
        {deployment.applied.map((object) => (
          <li key={objectKey(object)}>
            <span className={styles.muted}>{object.kind}</span>{" "}
            {found?.target === "kubernetes" ? <a href={href.cluster({ context: found.context, namespace: object.namespace ?? found.namespace, kind: kindWordOf(object), object: object.name })}>{object.name}</a> : <strong>{object.name}</strong>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
