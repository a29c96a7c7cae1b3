import { CloudDownload, Library, Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type ProjectId, type VariableGroupView } from "#ui/ipc";
import { Answer, Button, DataTable, Dialog, EmptyState, IconButton, Panel, plural, RelativeTime, type Column } from "#ui/components";
import { AzureDialog } from "./AzureDialog";
import { GroupDialog } from "./GroupDialog";
import styles from "./library.module.css";

function unsetOf(group: VariableGroupView): number {
  return group.variables.filter(({ isSecret, setAt }) => isSecret && setAt === null).length;
}

/** How many there are, and which still have to be given. */
function Counts({ group }: { group: VariableGroupView }): ReactNode {
  const secret = group.variables.filter(({ isSecret }) => isSecret).length;
  return (
    <span className={styles.counts}>
      <span>
        {plural(group.variables.length, "variable")}
        {secret > 0 && `, ${secret} secret`}
      </span>
      {unsetOf(group) > 0 && <span className={styles.warning}>{plural(unsetOf(group), "secret")} without value</span>}
    </span>
  );
}

function Source({ group }: { group: VariableGroupView }): ReactNode {
  if (group.origin === null) return "This machine";
  const vault = group.origin.keyVault;
  return (
    <>
      {group.origin.organization}/{group.origin.project}
      {vault !== null && <span className={styles.muted}> (key vault {vault})</span>}
    </>
  );
}

/** The variable groups of the project. */
export function GroupsTab({ projectId }: { projectId: ProjectId }): ReactNode {
  const groups = useQueryCommand("variable_group_list", { projectId });
  const remove = useMutationCommand("variable_group_remove", { failureTitle: "The group was not removed" });
  const [editing, setEditing] = useState<VariableGroupView | "new">();
  const [isReading, setReading] = useState(false);
  const [leaving, setLeaving] = useState<VariableGroupView>();
  const columns: readonly Column<VariableGroupView>[] = [
    {
      key: "name",
      header: "Name",
      width: "28%",
      cell: (group) => (
        <>
          <button type="button" className={styles.name} onClick={() => setEditing(group)}>
            {group.name}
          </button>
          {group.description !== "" && <p className={styles.muted}>{group.description}</p>}
        </>
      ),
    },
    { key: "variables", header: "Variables", width: "190px", cell: (group) => <Counts group={group} /> },
    { key: "source", header: "Source", isMinor: true, cell: (group) => <Source group={group} /> },
    { key: "at", header: "Changed or read", width: "150px", align: "end", cell: (group) => <RelativeTime at={group.origin?.readAt ?? group.changedAt} /> },
    { key: "remove", header: <span className="visuallyHidden">Remove</span>, width: "56px", align: "end", cell: (group) => <IconButton label={`Remove ${group.name}`} icon={Trash2} size="small" onClick={() => setLeaving(group)} /> },
  ];
  const actions = (
    <div className={styles.actions}>
      <Button icon={CloudDownload} onClick={() => setReading(true)}>
        Read from Azure DevOps
      </Button>
      <Button icon={Plus} variant="primary" onClick={() => setEditing("new")}>
        New variable group
      </Button>
    </div>
  );
  return (
    <Answer of={groups}>
      {(list) => (
        <>
          {list.length === 0 ? (
            <EmptyState icon={Library} title="No variable group yet" body="A variable group holds values that several pipelines or stages share, secrets among them. A pipeline takes it with “- group: name”." action={actions} />
          ) : (
            <Panel title="Variable groups" subtitle={plural(list.length, "group")} actions={actions} flush>
              <DataTable label="Variable groups" columns={columns} rows={list} rowKey={(group) => group.name} onOpen={setEditing} />
            </Panel>
          )}
          {editing !== undefined && (
            <GroupDialog projectId={projectId} group={editing === "new" ? undefined : editing} taken={list.map(({ name }) => name).filter((name) => editing === "new" || name !== editing.name)} onClose={() => setEditing(undefined)} />
          )}
          {isReading && <AzureDialog projectId={projectId} onClose={() => setReading(false)} />}
          {leaving !== undefined && (
            <Dialog
              isOpen
              onClose={() => setLeaving(undefined)}
              title={`Remove ${leaving.name}?`}
              description="Its variables and the values of its secrets are forgotten. Pipelines that name it no longer start."
              actions={
                <>
                  <Button onClick={() => setLeaving(undefined)}>Keep</Button>
                  <Button variant="danger" isBusy={remove.isPending} onClick={() => remove.mutate({ projectId, name: leaving.name }, { onSettled: () => setLeaving(undefined) })}>
                    Remove
                  </Button>
                </>
              }
            />
          )}
        </>
      )}
    </Answer>
  );
}
