// Things above or beside the page: tabs, dialogs, tips. Base UI does focus, keys and roles.
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import clsx from "clsx";
import { X } from "lucide-react";
import { useRef, type ReactElement, type ReactNode } from "react";
import { IconButton } from "./Button";
import styles from "./Overlays.module.css";

export interface TabItem {
  value: string;
  label: string;
  /** A number or a few words beside the label. */
  count?: number | string | undefined;
  /** What it counts is bad news. */
  isBad?: boolean;
  content: ReactNode;
}

export interface TabsProps {
  /** What the tabs are of; read aloud. */
  label: string;
  items: readonly TabItem[];
  value: string;
  onChange: (value: string) => void;
}

/** One of several views of the same thing. */
export function Tabs({ label, items, value, onChange }: TabsProps): ReactNode {
  return (
    <BaseTabs.Root value={value} onValueChange={(next) => onChange(String(next))} className={styles.tabs}>
      <BaseTabs.List className={styles.tabList} aria-label={label}>
        {items.map((item) => (
          <BaseTabs.Tab key={item.value} value={item.value} className={styles.tab}>
            {item.label}
            {item.count !== undefined && <span className={clsx(styles.count, item.isBad === true && styles.bad)}>{item.count}</span>}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {items.map((item) => (
        <BaseTabs.Panel key={item.value} value={item.value} className={styles.tabPanel}>
          {item.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}

export interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** Wide for what is read or compared, widest for what has several columns. */
  size?: "medium" | "wide" | "widest";
  /** Buttons, the main one last. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** A question or form above the page. Escape closes, focus stays inside and goes back. */
export function Dialog({ isOpen, onClose, title, description, size = "medium", actions, children }: DialogProps): ReactNode {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        {/* Of a dialog above another, too: else the lower one looks in use. */}
        <BaseDialog.Backdrop forceRender className={styles.backdrop} />
        {/* Whoever opens a form wants to fill it in: its first field takes the focus, not the button that closes it. */}
        <BaseDialog.Popup ref={popup} initialFocus={() => popup.current?.querySelector<HTMLElement>("input:not([readonly]), select, textarea:not([readonly])") ?? true} className={clsx(styles.dialog, size !== "medium" && styles[size])}>
          <header className={styles.dialogHeader}>
            <BaseDialog.Title className={styles.dialogTitle}>{title}</BaseDialog.Title>
            <IconButton label="Close" icon={X} size="small" onClick={onClose} />
          </header>
          <div className={styles.dialogBody}>
            {description !== undefined && <BaseDialog.Description className={styles.dialogText}>{description}</BaseDialog.Description>}
            {children}
          </div>
          {actions !== undefined && <footer className={styles.dialogActions}>{actions}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** A tip on hover and focus. The child must be one focusable element. */
export function Tooltip({ tip, children }: { tip: ReactNode; children: ReactElement }): ReactNode {
  return (
    <BaseTooltip.Provider delay={400}>
      <BaseTooltip.Root>
        <BaseTooltip.Trigger render={children as ReactElement<Record<string, unknown>>} />
        <BaseTooltip.Portal>
          <BaseTooltip.Positioner sideOffset={6} className={styles.positioner}>
            <BaseTooltip.Popup className={styles.tip}>{tip}</BaseTooltip.Popup>
          </BaseTooltip.Positioner>
        </BaseTooltip.Portal>
      </BaseTooltip.Root>
    </BaseTooltip.Provider>
  );
}

/** Keys to press. */
export function Kbd({ children }: { children: ReactNode }): ReactNode {
  return <kbd className={styles.kbd}>{children}</kbd>;
}
