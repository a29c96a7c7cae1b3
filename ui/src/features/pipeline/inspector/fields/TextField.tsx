// A text of one or more lines, sent when it is left, by Enter (several lines: Ctrl+Enter), or never: Escape takes it back.
import type { ReactNode } from "react";
import { Field, TextArea, TextInput } from "#ui/components";
import { shownLines, writtenLines } from "../written";
import { SuggestInput, type Suggestion } from "./SuggestInput";
import { useTyped } from "./use-typed";

export interface TextFieldProps {
  label: string;
  isLabelHidden?: boolean;
  help?: ReactNode;
  value: string;
  placeholder?: string | undefined;
  isMono?: boolean;
  isLines?: boolean;
  /** Of several lines: how many are shown at least. */
  rows?: number;
  isRequired?: boolean;
  suggestions?: readonly Suggestion[] | undefined;
  /** Why a draft cannot be sent. */
  check?: ((draft: string) => string | undefined) | undefined;
  save: (draft: string) => Promise<string | null>;
}

/** Letters on a line before it wraps, about. */
const WIDTH = 36;
const linesIn = (text: string): number => text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / WIDTH)), 0);

export function TextField({ label, isLabelHidden = false, help, value, placeholder, isMono = false, isLines = false, rows = 3, isRequired = false, suggestions, check, save }: TextFieldProps): ReactNode {
  const shown = isLines ? shownLines(value) : value;
  const typed = useTyped(shown, (draft) => {
    const wrong = check?.(draft);
    if (wrong !== undefined) return Promise.resolve(wrong);
    return save(isLines && draft !== "" ? writtenLines(draft, value) : draft);
  });
  const missing = isRequired && typed.draft.trim() === "" ? "It has to be given." : undefined;
  const common = { value: typed.draft, placeholder, "aria-required": isRequired || undefined, onBlur: () => typed.send() };
  return (
    <Field label={label} isLabelHidden={isLabelHidden} help={help} error={typed.problem ?? missing}>
      {suggestions !== undefined ? (
        <SuggestInput value={typed.draft} suggestions={suggestions} placeholder={placeholder} isRequired={isRequired} onType={typed.type} onDone={typed.send} onRestore={typed.restore} />
      ) : isLines ? (
        <TextArea
          {...common}
          isMono={isMono}
          rows={Math.min(16, Math.max(rows, linesIn(typed.draft)))}
          onChange={(event) => typed.type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") typed.restore();
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) typed.send();
          }}
        />
      ) : (
        <TextInput
          {...common}
          isMono={isMono}
          onChange={(event) => typed.type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") typed.restore();
            if (event.key === "Enter") typed.send();
          }}
        />
      )}
    </Field>
  );
}
