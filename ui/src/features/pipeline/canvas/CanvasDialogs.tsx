import { useState, type ReactNode } from "react";
import { Dialog, Field, FormDialog, Kbd, TextInput } from "#ui/components";
import type { ApiError } from "#ui/ipc";
import styles from "./canvas.module.css";
import { KEY_WORDS } from "./use-canvas-keys";

export interface RenameProps {
  name: string;
  title: string;
  onRename: (to: string) => Promise<ApiError | null>;
  onClose: () => void;
}

/** Asks for another name; a refusal stays in sight. */
export function Rename({ name, title, onRename, onClose }: RenameProps): ReactNode {
  const [to, setTo] = useState(name);
  const [of, setOf] = useState<{ isPending: boolean; error: ApiError | null }>({ isPending: false, error: null });
  const send = async (): Promise<void> => {
    const wanted = to.trim();
    if (wanted === "" || wanted === name) {
      onClose();
      return;
    }
    setOf({ isPending: true, error: null });
    const error = await onRename(wanted);
    if (error === null) onClose();
    else setOf({ isPending: false, error });
  };
  return (
    <FormDialog of={of} title={`Rename ${title}`} description="What refers to it follows: dependencies, conditions and outputs." action="Rename" onSubmit={() => void send()} onClose={onClose}>
      <Field label="Name">
        <TextInput isMono value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
    </FormDialog>
  );
}

/** All keys of the canvas. */
export function KeyHelp({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog isOpen onClose={onClose} title="Keys of the canvas" description="Tab goes to the canvas; then:">
      <dl className={styles.keys}>
        {KEY_WORDS.map(([names, words]) => (
          <div key={words}>
            <dt>
              {names.map((name) => (
                <Kbd key={name}>{name}</Kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
