// The parameters that a template declares: its file is found as "go to definition" finds it, and read like the pipeline's.
import { useEffect, useRef, useState } from "react";
import { call } from "#ui/ipc";
import { useDesk } from "../desk";
import type { WrittenView } from "../wire";
import { find, textsOf } from "../written";

export interface Declared {
  name: string;
  displayName: string;
  type: string;
  default: string | undefined;
  values: string[];
  isRequired: boolean;
}

/** Parameters of the list form, and those of the old mapping form, which are texts. */
export function declaredOf(written: WrittenView | null): Declared[] {
  if (written?.form === "list") {
    return written.entries.flatMap(({ value }) => {
      const text = (key: string): string => find(value, key)?.text ?? "";
      const fallback = find(value, "default");
      return text("name") === "" ? [] : [{ name: text("name"), displayName: text("displayName"), type: text("type") || "string", default: fallback?.form === "text" ? fallback.text : undefined, values: textsOf(find(value, "values")) ?? [], isRequired: fallback === undefined }];
    });
  }
  if (written?.form !== "map") return [];
  return written.entries.map(({ key, value }) => ({ name: key ?? "", displayName: "", type: value.form === "map" || value.form === "list" ? "object" : "string", default: value.text, values: [], isRequired: false }));
}

/** None while the template is not found. */
export function useDeclared(template: WrittenView | undefined): Declared[] | null {
  const { projectId, text } = useDesk();
  const [found, setFound] = useState<{ of: string; declared: Declared[] | null }>();
  const ask = useRef(text);
  useEffect(() => {
    ask.current = text;
  });
  const name = template?.text ?? "";
  const place = template === undefined ? 0 : Math.max(template.start, template.end - 2);
  useEffect(() => {
    if (name === "") return undefined;
    let isLate = false;
    const go = async (): Promise<Declared[] | null> => {
      const { definition } = await call("pipeline_definition", { projectId, text: ask.current(), offset: place });
      if (definition?.text === null || definition?.text === undefined) return null;
      const { written } = await call("pipeline_node", { projectId, text: definition.text, path: "/parameters" });
      return declaredOf(written);
    };
    go().then(
      (declared) => !isLate && setFound({ of: name, declared }),
      () => !isLate && setFound({ of: name, declared: null }),
    );
    return () => {
      isLate = true;
    };
    // Where the name stands changes with every key above it; what it names does not.
    // oxlint-disable-next-line exhaustive-deps
  }, [projectId, name]);
  return found?.of === name ? found.declared : null;
}
