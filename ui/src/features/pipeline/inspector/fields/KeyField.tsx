// One key of the node, drawn as its spec says.
import type { ReactNode } from "react";
import { useDesk } from "../desk";
import type { KeySpec, ShortSpec } from "../spec/spec";
import type { Json, WrittenView } from "../wire";
import { find, has } from "../written";
import { FlagField, NumberField, PickField } from "./ChoiceField";
import { Elsewhere } from "./Elsewhere";
import { linesOf, LinesField } from "./ListField";
import { TextField } from "./TextField";
import { useSource } from "./use-sources";

export interface ValueFieldProps {
  spec: KeySpec;
  written: WrittenView | undefined;
  save: (value: Json) => Promise<string | null>;
}

/** A single value. What is written in another form is left to the text. */
export function ValueField({ spec, written, save }: ValueFieldProps): ReactNode {
  const found = useSource(spec.source);
  if (written !== undefined && written.form !== "text" && written.form !== "nothing") return <Elsewhere label={spec.label} written={written} />;
  const value = written?.text ?? "";
  const help = spec.help === "" ? undefined : spec.help;
  const common = { label: spec.label, value, help, isRequired: spec.isRequired ?? false };
  switch (spec.kind) {
    case "flag":
      return <FlagField {...common} fallback={spec.fallback} save={save} />;
    case "number":
      return <NumberField {...common} fallback={spec.fallback} save={save} />;
    case "pick":
      return <PickField {...common} fallback={spec.fallback} options={spec.options ?? []} save={save} />;
    default: {
      const text = (draft: string): Promise<string | null> => save(draft === "" ? null : draft);
      const suggestions = spec.kind === "suggest" ? [...found, ...(spec.options ?? []).map((word) => ({ value: word }))] : undefined;
      return <TextField {...common} isMono={spec.kind !== "text"} isLines={spec.kind === "script"} placeholder={spec.fallback} suggestions={suggestions} save={text} />;
    }
  }
}

export function KeyField({ spec }: { spec: KeySpec }): ReactNode {
  const desk = useDesk();
  if (spec.kind === "list") return <LinesField label={spec.label} keys={spec.keys} help={spec.help} />;
  return <ValueField spec={spec} written={find(desk.written, ...spec.keys)} save={(value) => desk.send({ gesture: "set", node: desk.path, keys: spec.keys, value })} />;
}

export function KeyFields({ specs }: { specs: readonly KeySpec[] }): ReactNode {
  const desk = useDesk();
  return specs.filter((spec) => spec.isRare !== true || has(desk.written, ...spec.keys)).map((spec) => <KeyField key={spec.keys.join("/")} spec={spec} />);
}

/** A mapping that may be one text: `pool: mine`, `environment: dev`. It becomes a mapping with its second key. */
export function ShortFields({ of }: { of: ShortSpec }): ReactNode {
  const desk = useDesk();
  const aliases = useSource(of.longAs === undefined ? undefined : "containers").map(({ value }) => value);
  const written = find(desk.written, ...of.keys);
  const isText = written === undefined || written.form === "text" || written.form === "nothing";
  if (!isText) {
    if (written.form === "list") return <Elsewhere label={of.keys.at(-1) ?? ""} written={written} />;
    return <KeyFields specs={of.specs} />;
  }
  const text = written?.text ?? "";
  return of.specs.filter((spec) => spec.isRare !== true).map((spec) => {
    const name = spec.keys.at(-1) ?? "";
    if (name === of.short) return <ValueField key={name} spec={spec} written={written} save={(value) => desk.send({ gesture: "set", node: desk.path, keys: of.keys, value })} />;
    const save = (value: Json): Promise<string | null> => {
      if (text === "" || value === null || of.longAs === undefined) return desk.send({ gesture: "set", node: desk.path, keys: spec.keys, value });
      const path = written?.path ?? "";
      return desk.send({ gesture: "edit", edit: { edit: "all", edits: [{ edit: "set", path, value: { [of.longAs(text, aliases)]: text } }, { edit: "insertEntry", path, key: name, value }] } });
    };
    if (spec.kind !== "list") return <ValueField key={name} spec={spec} written={undefined} save={save} />;
    return (
      <TextField
        key={name}
        label={spec.label}
        help={spec.help}
        isMono
        isLines
        rows={2}
        value=""
        save={(draft) => {
          const lines = linesOf(draft);
          return save(lines.length === 0 ? null : lines);
        }}
      />
    );
  });
}
