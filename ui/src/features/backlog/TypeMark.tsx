// The type of a work item: icon and word.
import { Bug, ClipboardCheck, Crown, Diamond, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { WorkItemType } from "#ui/ipc";
import { typeWords } from "./lanes";
import styles from "./backlog.module.css";

const icons: Record<WorkItemType, LucideIcon> = { epic: Crown, issue: Diamond, task: ClipboardCheck, bug: Bug };

/** A type's mark. */
export function TypeMark({ type }: { type: WorkItemType }): ReactNode {
  const Icon = icons[type];
  return (
    <span className={styles.typeMark} data-type={type}>
      <Icon size={14} />
      {typeWords[type]}
    </span>
  );
}
