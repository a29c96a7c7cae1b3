// A list above the page that is narrowed by typing. Base UI does the dialog, cmdk the list and its keys.
import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import type { ReactNode } from "react";
import styles from "./CommandList.module.css";

export interface CommandListProps {
  isOpen: boolean;
  onClose: () => void;
  /** What the list is; read aloud. */
  title: string;
  placeholder: string;
  /** What to say when nothing answers to what was typed. */
  empty: string;
  /** Above the field. */
  lead?: ReactNode;
  /** What is typed, for whoever reads it. */
  text?: string;
  onText?: (text: string) => void;
  /** How well an entry answers what was typed, from 0 to 1. */
  rank?: (entry: string, typed: string, keywords?: string[]) => number;
  /** `Command.Group`s. */
  children: ReactNode;
}

/** A field with the list that it narrows. */
export function CommandList({ isOpen, onClose, title, placeholder, empty, lead, text, onText, rank, children }: CommandListProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Dialog.Title className="visuallyHidden">{title}</Dialog.Title>
          <Command label={title} loop {...(rank !== undefined && { filter: rank })}>
            {lead !== undefined && <p className={styles.lead}>{lead}</p>}
            <Command.Input placeholder={placeholder} className={styles.input} {...(text !== undefined && { value: text })} {...(onText !== undefined && { onValueChange: onText })} />
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>{empty}</Command.Empty>
              {children}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
