import clsx from "clsx";
import type { ReactNode } from "react";
import styles from "./StatusPill.module.css";
import { stateLook } from "./tone";

export interface StatusPillProps {
  /** A state word of the contract, such as `succeeded`; see tone.ts. */
  state: string;
  /** Another word than the usual one. */
  label?: string;
  size?: "small" | "medium";
  /** The icon only; the word stays for screen readers and as a tip. */
  iconOnly?: boolean;
}

/** A state as colour, icon and word together, never as colour alone. */
export function StatusPill({ state, label, size = "medium", iconOnly = false }: StatusPillProps): ReactNode {
  const look = stateLook(state);
  const Icon = look.icon;
  const word = label ?? look.label;
  return (
    <span className={clsx(styles.pill, styles[look.tone], styles[size], iconOnly && styles.iconOnly)} title={iconOnly ? word : undefined}>
      <Icon size={size === "small" ? 12 : 14} strokeWidth={2.4} className={clsx(look.spins && styles.spin)} />
      <span className={clsx(iconOnly && "visuallyHidden")}>{word}</span>
    </span>
  );
}
