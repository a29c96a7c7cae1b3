// oxlint-disable prefer-tag-over-role, click-events-have-key-events -- a combobox has no tags of its own that take other text everywhere
// One line of text with proposals below it: a click or the down arrow opens them. Any other text may be typed, too.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { TextInput } from "#ui/components";
import styles from "../inspector.module.css";

export interface Suggestion {
  value: string;
  detail?: string | undefined;
}

export interface SuggestInputProps {
  value: string;
  suggestions: readonly Suggestion[];
  placeholder?: string | undefined;
  isRequired?: boolean;
  onType: (value: string) => void;
  /** Left, Enter, or a proposal chosen. */
  onDone: (value: string) => void;
  onRestore: () => void;
}

/** More would not be read. */
const MOST = 60;

export function SuggestInput({ value, suggestions, placeholder, isRequired = false, onType, onDone, onRestore }: SuggestInputProps): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  // What is in the field already says nothing about what else there is.
  const [isTyped, setTyped] = useState(false);
  const [at, setAt] = useState(-1);
  const shown = (isTyped ? suggestions.filter((one) => one.value.toLowerCase().includes(value.toLowerCase())) : suggestions).slice(0, MOST);
  const isShown = isOpen && shown.length > 0;
  const active = isShown ? shown[at] : undefined;
  useEffect(() => {
    // Where the page cannot scroll (tests), there is nothing to bring into sight.
    if (isShown) (list.current?.querySelector("[aria-selected=true]") ?? list.current)?.scrollIntoView?.({ block: "nearest" });
  }, [isShown, at]);
  const open = (): void => {
    setOpen(true);
    setTyped(false);
    setAt(-1);
  };
  const choose = (chosen: string): void => {
    setOpen(false);
    onDone(chosen);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isShown) open();
      else setAt((now) => (event.key === "ArrowDown" ? Math.min(now + 1, shown.length - 1) : Math.max(now - 1, -1)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(active?.value ?? value);
    } else if (event.key === "Escape") {
      if (isShown) {
        event.stopPropagation();
        setOpen(false);
      } else onRestore();
    }
  };
  return (
    <div className={styles.combo}>
      <TextInput
        isMono
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-activedescendant={active === undefined ? undefined : `${id}-${at}`}
        aria-required={isRequired || undefined}
        value={value}
        placeholder={placeholder}
        onClick={open}
        onKeyDown={onKey}
        onBlur={() => {
          setOpen(false);
          onDone(value);
        }}
        onChange={(event) => {
          setOpen(true);
          setTyped(true);
          setAt(-1);
          onType(event.currentTarget.value);
        }}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Proposals" className={styles.popup} hidden={!isShown}>
        {isShown &&
          shown.map((one, index) => (
            // The field has the keyboard; a proposal is only pressed.
            <div
              key={one.value}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={styles.option}
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(one.value)}
            >
              {one.value}
              {one.detail !== undefined && <span className={styles.optionDetail}> – {one.detail}</span>}
            </div>
          ))}
      </div>
    </div>
  );
}
