// The object as YAML. A change is compared by the server first (a dry run), shown field by field, and applied only then.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Button, CopyButton, Dialog, EmptyState, ErrorState, FieldChanges, Note, useLeaveGuard } from "#ui/components";
import { useMutationCommand, useQueryCommand, type KubeObjectRequest, type KubeObjectView } from "#ui/ipc";
import { openYaml, type YamlEditor } from "../yaml/editor";
import yamlStyles from "../yaml/yaml.module.css";
import styles from "./object.module.css";

export interface YamlTabProps {
  address: KubeObjectRequest;
  object: KubeObjectView;
  canEdit: boolean;
}

const isNeverHere = (): boolean => false;

/** Reads and edits an object's YAML. */
export function YamlTab({ address, object, canEdit }: YamlTabProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor>(undefined);
  // What the text was made of: an apply must not undo what somebody else has done since.
  const [base, setBase] = useState({ yaml: object.yaml, resourceVersion: object.resourceVersion });
  const [text, setText] = useState(object.yaml);
  const [isComparing, setComparing] = useState(false);
  const isChanged = text !== base.yaml;
  const first = useRef({ yaml: object.yaml, canEdit, label: `YAML of ${address.name}` });
  useEffect(() => {
    if (host.current === null) return undefined;
    const opened = openYaml(host.current, first.current.yaml, first.current.label, first.current.canEdit, setText);
    editor.current = opened;
    return () => {
      editor.current = undefined;
      opened.close();
    };
  }, []);
  useEffect(() => editor.current?.allow(canEdit), [canEdit]);
  const restart = (yaml: string, resourceVersion: string): void => {
    setBase({ yaml, resourceVersion });
    editor.current?.replace(yaml);
    setText(yaml);
  };
  // What is only read follows the cluster.
  if (!isChanged && object.yaml !== base.yaml) {
    setBase({ yaml: object.yaml, resourceVersion: object.resourceVersion });
    setText(object.yaml);
  }
  useEffect(() => editor.current?.replace(base.yaml), [base.yaml]);
  const guard = useLeaveGuard(isChanged, isNeverHere);
  return (
    <div className={styles.fill}>
      <div className={styles.toolbar}>
        <CopyButton text={text} label="Copy the YAML" />
        <span className={styles.faint}>{isChanged ? "Changed, not applied" : canEdit ? "Edit it here; nothing is applied before you have seen the difference" : "Your rights let you read it"}</span>
        <span className={styles.space} />
        {isChanged && (
          <>
            <Button size="small" onClick={() => restart(object.yaml, object.resourceVersion)}>
              Discard
            </Button>
            <Button size="small" variant="primary" onClick={() => setComparing(true)}>
              Compare and apply…
            </Button>
          </>
        )}
      </div>
      {isChanged && object.resourceVersion !== base.resourceVersion && (
        <div className={styles.padded}>
          <Note tone="warning" title="It has changed in the cluster since you began">
            Applying will be refused where it would undo that. Discard takes the newer one.
          </Note>
        </div>
      )}
      <div ref={host} className={yamlStyles.host} />
      {isComparing && (
        <CompareDialog
          address={address}
          yaml={text}
          resourceVersion={base.resourceVersion}
          onClose={() => setComparing(false)}
          onApplied={(applied) => {
            setComparing(false);
            restart(applied.yaml, applied.resourceVersion);
          }}
        />
      )}
      {guard.isAsking && (
        <Dialog
          isOpen
          onClose={guard.stay}
          title="Leave the changes?"
          actions={
            <>
              <Button onClick={guard.stay}>Stay</Button>
              <Button variant="danger" onClick={guard.leave}>
                Leave them
              </Button>
            </>
          }
        >
          <p>The YAML of {address.name} is changed and not applied.</p>
        </Dialog>
      )}
    </div>
  );
}

interface CompareDialogProps {
  address: KubeObjectRequest;
  yaml: string;
  resourceVersion: string;
  onClose: () => void;
  onApplied: (object: KubeObjectView) => void;
}

function CompareDialog({ address, yaml, resourceVersion, onClose, onApplied }: CompareDialogProps): ReactNode {
  const diff = useQueryCommand("kube_object_diff", { ...address, yaml }, { isFresh: true });
  const apply = useMutationCommand("kube_object_apply", { quiet: true });
  const plan = diff.data;
  const isReady = plan !== undefined && !diff.isFetching && plan.action === "change";
  const go = (): void =>
    apply.mutate(
      { ...address, yaml, resourceVersion },
      {
        onSuccess: (object) => {
          toast(`${address.name} was changed`);
          onApplied(object);
        },
      },
    );
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={`Change ${address.name}?`}
      description="What the API server answers to a dry run. Nothing has been changed yet."
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button variant="primary" disabled={!isReady} isBusy={apply.isPending || diff.isFetching} onClick={go}>
            Apply
          </Button>
        </>
      }
    >
      {diff.error !== null && <ErrorState error={diff.error} onRetry={() => void diff.refetch()} compact />}
      {plan !== undefined && plan.problem !== null && (
        <Note tone={plan.action === "conflict" ? "warning" : "danger"} title={plan.problem}>
          {plan.hint}
        </Note>
      )}
      {plan?.action === "same" && <EmptyState title="Nothing would change" body="The server reads it as what is there already." />}
      {plan !== undefined && plan.fields.length > 0 && (
        <div className={styles.framed}>
          <FieldChanges label={`Fields of ${address.name}`} fields={plan.fields} words={{ before: "live now", after: "after applying" }} />
        </div>
      )}
      {apply.error !== null && <ErrorState error={apply.error} compact />}
    </Dialog>
  );
}
