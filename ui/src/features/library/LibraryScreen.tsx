// The Library: values and files that pipelines take from outside of their file. A secret is written here and never read back.
import { useState, type ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Note, PageHeader, Screen, Tabs } from "#ui/components";
import { GroupsTab } from "./GroupsTab";
import { SecureFilesTab } from "./SecureFilesTab";
import styles from "./library.module.css";
import { VariablesTab } from "./VariablesTab";

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function LibraryScreen({ projectId }: { projectId: ProjectId }): ReactNode {
  const [tab, setTab] = useState("groups");
  const place = useQueryCommand("secrets_get", {});
  return (
    <Screen>
      <PageHeader title="Library" subtitle="Variable groups, pipeline variables and secure files" />
      {place.data !== undefined && (
        <div className={styles.place}>
          <Note tone={place.data.place === "fileWithKey" ? "warning" : "neutral"}>{place.data.statement}</Note>
        </div>
      )}
      <Tabs
        label="Library"
        value={tab}
        onChange={setTab}
        items={[
          { value: "groups", label: "Variable groups", content: <GroupsTab projectId={projectId} /> },
          { value: "variables", label: "Pipeline variables", content: <VariablesTab projectId={projectId} /> },
          { value: "files", label: "Secure files", content: <SecureFilesTab projectId={projectId} /> },
        ]}
      />
    </Screen>
  );
}
