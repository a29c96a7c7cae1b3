// A list of things to do that opens at a button. Base UI does focus, keys and roles.
import { Menu } from "@base-ui/react/menu";
import clsx from "clsx";
import { ChevronDown, type LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import styles from "./Menu.module.css";

export interface MenuListProps {
  /** The button that opens it: a `Menu.Trigger`. */
  trigger: ReactElement;
  align?: "start" | "end";
  className?: string | undefined;
  children: ReactNode;
}

/** The list of a menu, with the button that opens it. */
export function MenuList({ trigger, align = "end", className, children }: MenuListProps): ReactNode {
  return (
    <Menu.Root>
      {trigger}
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align={align} className={styles.position}>
          <Menu.Popup className={clsx(styles.menu, className)}>{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

export interface MenuItemProps {
  icon?: LucideIcon;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** One thing to do. */
export function MenuItem({ icon: Icon, disabled = false, onClick, children }: MenuItemProps): ReactNode {
  return (
    <Menu.Item className={styles.item} disabled={disabled} onClick={onClick}>
      {Icon !== undefined && <Icon size={16} />} {children}
    </Menu.Item>
  );
}

export interface SplitButtonProps {
  /** The usual way: a small `Button`. */
  button: ReactElement;
  /** Of the arrow beside it. */
  label: string;
  isPrimary?: boolean;
  disabled?: boolean;
  /** The other ways: `MenuItem`s. */
  children: ReactNode;
}

/** A button with its other ways beside it. */
export function SplitButton({ button, label, isPrimary = false, disabled = false, children }: SplitButtonProps): ReactNode {
  return (
    <span className={styles.split}>
      {button}
      <MenuList
        trigger={
          <Menu.Trigger className={clsx(styles.more, isPrimary && styles.primary)} aria-label={label} disabled={disabled}>
            <ChevronDown size={14} />
          </Menu.Trigger>
        }
      >
        {children}
      </MenuList>
    </span>
  );
}
