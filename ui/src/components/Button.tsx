import clsx from "clsx";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import styles from "./Button.module.css";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "small" | "medium" | "large";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: LucideIcon;
  /** Something is on its way: the button shows it and takes no second press. */
  isBusy?: boolean;
}

/** A button with a word on it. */
export function Button({ variant = "secondary", size = "medium", icon: Icon, isBusy = false, className, children, disabled, type = "button", ...rest }: ButtonProps): ReactNode {
  return (
    <button {...rest} type={type === "submit" ? "submit" : "button"} className={clsx(styles.button, styles[variant], styles[size], className)} disabled={disabled === true || isBusy} aria-busy={isBusy || undefined}>
      {isBusy ? <LoaderCircle size={16} className={styles.spin} /> : Icon !== undefined && <Icon size={16} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  /** What it does; read aloud and shown as a tip. */
  label: string;
  icon: LucideIcon;
  size?: ButtonSize;
  isPressed?: boolean;
}

/** A button with an icon only. */
export function IconButton({ label, icon: Icon, size = "medium", isPressed, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <button {...rest} type="button" className={clsx(styles.button, styles.ghost, styles.iconOnly, styles[size], className)} aria-label={label} title={label} aria-pressed={isPressed}>
      <Icon size={size === "small" ? 14 : 16} />
    </button>
  );
}
