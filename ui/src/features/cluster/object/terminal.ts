// A terminal in the page, in the house's colours. Loaded only when a shell is opened.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";

/** What a shell needs of its terminal. */
export interface Screen {
  columns: number;
  rows: number;
  write: (bytes: Uint8Array) => void;
  focus: () => void;
  /** Takes the size of its element; tells the new size if it differs. */
  fit: () => void;
  close: () => void;
}

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue", "brightMagenta", "brightCyan", "brightWhite"] as const;

/** The tokens of the page as they are now. */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const colours = Object.fromEntries(NAMES.map((name, at) => [name, token(`--ansi-${at}`)]));
  return { ...colours, background: token("--code-surface"), foreground: token("--code-text"), cursor: token("--text-strong"), cursorAccent: token("--code-surface"), selectionBackground: token("--code-selection") };
}

/** Opens a terminal in an element. */
export function openTerminal(element: HTMLElement, label: string, onType: (text: string) => void, onSize: (columns: number, rows: number) => void): Screen {
  const font = getComputedStyle(element).getPropertyValue("--font-mono").trim();
  const terminal = new Terminal({ fontFamily: font, fontSize: 12.5, lineHeight: 1.25, cursorBlink: false, scrollback: 5_000, theme: themeOf(element), screenReaderMode: false });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute("aria-label", label);
  fit.fit();
  terminal.onData(onType);
  terminal.onResize(({ cols, rows }) => onSize(cols, rows));
  const recolour = new MutationObserver(() => {
    terminal.options.theme = themeOf(element);
  });
  recolour.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return {
    columns: terminal.cols,
    rows: terminal.rows,
    write: (bytes) => terminal.write(bytes),
    focus: () => terminal.focus(),
    fit: () => fit.fit(),
    close: () => {
      recolour.disconnect();
      terminal.dispose();
    },
  };
}
