// The kinds of a cluster by section, narrowed by typing.
import clsx from "clsx";
import { Activity, Gauge, Network, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Field, TextInput } from "#ui/components";
import type { KubeKindView } from "#ui/ipc";
import { sectionsOf, VIEWS, wordOf } from "./model/kinds";
import styles from "./cluster.module.css";

const ICONS: Record<(typeof VIEWS)[number]["word"], LucideIcon> = { "~events": Activity, "~map": Network, "~usage": Gauge };

export interface KindListProps {
  kinds: readonly KubeKindView[];
  chosen: string;
  addressOf: (word: string) => string;
}

/** The side list. */
export function KindList({ kinds, chosen, addressOf }: KindListProps): ReactNode {
  const [typed, setTyped] = useState("");
  const sections = sectionsOf(kinds, typed);
  return (
    <nav className={styles.kinds} aria-label="Kinds">
      <div className={styles.kindFilter}>
        <Field label="Filter kinds" isLabelHidden>
          <TextInput value={typed} placeholder="Filter kinds" onChange={(event) => setTyped(event.target.value)} onKeyDown={(event) => event.key === "Escape" && setTyped("")} />
        </Field>
      </div>
      <div className={styles.kindScroll}>
        {typed.trim() === "" && (
          <ul className={styles.kindGroup}>
            {VIEWS.map(({ word, title }) => {
              const Icon = ICONS[word];
              return (
                <li key={word}>
                  <a href={addressOf(word)} className={clsx(styles.kindLink, chosen === word && styles.chosenKind)} aria-current={chosen === word ? "page" : undefined}>
                    <Icon size={14} aria-hidden="true" /> {title}
                  </a>
                </li>
              );
            })}
          </ul>
        )}
        {sections.map(({ section, title, kinds: found }) => (
          <section key={section} aria-label={title}>
            <h2 className={styles.sectionTitle}>{title}</h2>
            <ul className={styles.kindGroup}>
              {found.map((kind) => {
                const word = wordOf(kind);
                return (
                  <li key={word}>
                    <a href={addressOf(word)} title={word} className={clsx(styles.kindLink, chosen === word && styles.chosenKind)} aria-current={chosen === word ? "page" : undefined}>
                      {kind.kind}
                    </a>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
        {sections.length === 0 && typed.trim() !== "" && <p className={styles.none}>No kind is called so.</p>}
      </div>
    </nav>
  );
}
