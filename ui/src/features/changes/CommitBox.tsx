import { GitCommitHorizontal } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Button, Field, href, ObjectLink, openHref, TextArea } from "#ui/components";
import { useMutationCommand, type ChangesView, type ProjectId } from "#ui/ipc";
import styles from "./changes.module.css";
import { mentionsIn } from "./mentions";

/** Message and button; says which work items the message mentions. */
export function CommitBox({ projectId, changes }: { projectId: ProjectId; changes: ChangesView }): ReactNode {
  const [message, setMessage] = useState<string>();
  const commit = useMutationCommand("commit_create", { failureTitle: "Nothing was committed" });
  const text = message ?? changes.proposedMessage;
  const staged = changes.files.filter((file) => file.isStaged).length;
  const mentions = mentionsIn(text);
  const submit = (): void => {
    commit.mutate(
      { projectId, message: text.trim() },
      {
        onSuccess: (made) => {
          setMessage(undefined);
          const runId = made.runId;
          toast(`Committed ${made.commit.shortSha}`, {
            description: made.triggerReason,
            action: runId === null ? undefined : { label: "Open the run", onClick: () => openHref(href.run(runId)) },
          });
        },
      },
    );
  };
  return (
    <form
      className={styles.commit}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Commit message">
        <TextArea
          rows={3}
          value={text}
          placeholder="What changes and why; mention a work item as AB#42"
          onChange={(event) => setMessage(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && staged > 0) submit();
          }}
        />
      </Field>
      <div className={styles.commitFoot}>
        <span className={styles.mentions} aria-live="polite">
          {mentions.length === 0 ? "Mentions no work item" : "Mentions "}
          {mentions.map((id) => (
            <ObjectLink key={id} object={{ kind: "workItem", id: String(id) }} />
          ))}
        </span>
        <Button type="submit" variant="primary" icon={GitCommitHorizontal} disabled={staged === 0 || text.trim() === ""} isBusy={commit.isPending}>
          {staged === 0 ? "Stage something first" : `Commit ${staged === 1 ? "1 file" : `${staged} files`}`}
        </Button>
      </div>
    </form>
  );
}
