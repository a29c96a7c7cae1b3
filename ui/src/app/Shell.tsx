import { Outlet, useRouterState } from "@tanstack/react-router";
import clsx from "clsx";
import { Monitor, Moon, Search, Sun } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { Toaster, toast } from "sonner";
import { Dialog, IconButton, Kbd } from "#ui/components";
import { useAppEvent } from "#ui/ipc";
import { WelcomeScreen } from "#ui/features/welcome/WelcomeScreen";
import { Brand } from "./Brand";
import { CapabilityStatus } from "./CapabilityStatus";
import { Palette } from "./Palette";
import { ProjectSwitcher } from "./ProjectSwitcher";
import { useProjects } from "./project";
import { isInRoom, ROOMS } from "./rooms";
import styles from "./Shell.module.css";
import { useTheme, type ThemeChoice } from "./theme";
import { useShortcuts } from "./useShortcuts";
import { WaitingBadge } from "./WaitingBadge";

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };
const THEME_WORDS = { system: "as the system", light: "light", dark: "dark" };

const PLACE_KEYS: [string, string[]][] = [
  ["In the pipeline's text: complete", ["Ctrl", "Space"]],
  ["In the pipeline's text: go to the definition", ["F12"]],
  ["In the pipeline's text: next problem", ["F8"]],
  ["In the pipeline's text: previous problem", ["Shift", "F8"]],
  ["In the pipeline's text: find", ["Ctrl", "F"]],
  ["In the pipeline's text: save", ["Ctrl", "S"]],
  ["In a run's tree: next or previous line", ["↑", "↓"]],
  ["In a cluster's list: filter", ["/"]],
  ["In a cluster's list: open", ["Enter"]],
  ["In a log: find", ["Ctrl", "F"]],
  ["In a log: next match", ["F3"]],
  ["In a log: previous match", ["Shift", "F3"]],
];

function Rail({ onPalette }: { onPalette: () => void }): ReactNode {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const { choice, choose } = useTheme();
  return (
    <header className={styles.rail}>
      <div className={styles.brand}>
        <Brand />
        <span className={styles.brandName}>Slipway</span>
      </div>
      <ProjectSwitcher />
      <button type="button" className={styles.search} onClick={onPalette} aria-keyshortcuts="Control+K">
        <Search size={16} />
        <span className={styles.label}>Search</span>
        <span className={styles.keys} aria-hidden="true">
          Ctrl K
        </span>
      </button>
      <nav aria-label="Rooms" className={styles.nav}>
        {ROOMS.map((room) => {
          const Icon = room.icon;
          const isActive = isInRoom(room, pathname);
          return (
            <a key={room.path} href={room.href} className={clsx(styles.item, isActive && styles.active)} aria-current={isActive ? "page" : undefined} title={`${room.name} (g ${room.key})`}>
              <Icon size={18} strokeWidth={1.8} />
              <span className={styles.label}>{room.name}</span>
              {room.path === "/runs" && <WaitingBadge />}
            </a>
          );
        })}
      </nav>
      <div className={styles.foot}>
        <CapabilityStatus />
        <IconButton className={styles.theme} icon={THEME_ICONS[choice]} label={`Theme: ${THEME_WORDS[choice]}. Change`} onClick={() => choose(NEXT_THEME[choice])} />
      </div>
    </header>
  );
}

/** The window: rail, screen, palette, toasts. Without a project it shows the welcome. */
export function Shell(): ReactNode {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openPalette = useCallback(() => setPaletteOpen(true), []);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useShortcuts(openPalette, openHelp);
  useAppEvent("noticed", (event) => toast(event.title, { description: event.message }));
  const { theme } = useTheme();
  const { project, isLoading, error, choose } = useProjects();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const needsWelcome = project === undefined && !isLoading && error === null && pathname !== "/gallery";
  return (
    <>
      <div className={styles.shell}>
        <a
          className={styles.skip}
          href="#main"
          onClick={(event) => {
            // The hash is the address of the screen: move the focus without touching it.
            event.preventDefault();
            document.getElementById("main")?.focus();
          }}
        >
          Skip to the screen
        </a>
        <Rail onPalette={openPalette} />
        <main id="main" className={styles.main} tabIndex={-1}>
          {needsWelcome ? <WelcomeScreen onOpened={(opened) => choose(opened.id)} /> : <Outlet />}
        </main>
        <Palette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
        <Dialog isOpen={isHelpOpen} size="wide" onClose={() => setHelpOpen(false)} title="Keys">
          <ul className={styles.help}>
            <li>
              <span>Search and commands</span>
              <span>
                <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
              </span>
            </li>
            {ROOMS.map((room) => (
              <li key={room.path}>
                <span>Go to {room.name}</span>
                <span>
                  <Kbd>g</Kbd> <Kbd>{room.key}</Kbd>
                </span>
              </li>
            ))}
            <li>
              <span>This list</span>
              <Kbd>?</Kbd>
            </li>
            {PLACE_KEYS.map(([what, keys]) => (
              <li key={what}>
                <span>{what}</span>
                <span>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </Dialog>
      </div>
      <Toaster theme={theme} position="bottom-right" closeButton style={{ fontFamily: "inherit" }} />
    </>
  );
}
