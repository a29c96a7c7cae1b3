// A dialog that is a form: its fields, why the last try was refused, and the buttons that send it or leave it.
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from "react";
import type { ApiError } from "../ipc/generated/contract";
import { Button } from "./Button";
import { ErrorState } from "./Feedback";
import styles from "./FormDialog.module.css";
import { Dialog, type DialogProps } from "./Overlays";

export interface FormDialogProps extends Pick<DialogProps, "title" | "description" | "size" | "onClose" | "children"> {
  /** What sends it. */
  of: { isPending: boolean; error: ApiError | null };
  /** The word of the button that sends it. */
  action: string;
  onSubmit: () => void;
}

/** A form above the page. Enter sends it, Escape leaves it. */
export function FormDialog({ of, action, onSubmit, onClose, children, ...dialog }: FormDialogProps): ReactNode {
  const id = useId();
  const refusal = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Below a long form it would not be seen.
    if (of.error !== null) refusal.current?.scrollIntoView?.({ block: "nearest" });
  }, [of.error]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      {...dialog}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" isBusy={of.isPending}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={submit} noValidate>
        {children}
        {of.error !== null && (
          <div ref={refusal}>
            <ErrorState error={of.error} compact />
          </div>
        )}
      </form>
    </Dialog>
  );
}
