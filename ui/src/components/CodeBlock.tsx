import clsx from "clsx";
import { Fragment, type ReactNode } from "react";
import styles from "./CodeBlock.module.css";
import { tokenizeYamlLine } from "./yaml";

/** Something to say under a line. */
export interface CodeNote {
  /** 1-based. */
  line: number;
  tone: "danger" | "warning" | "info";
  content: ReactNode;
}

export interface CodeBlockProps {
  text: string;
  /** What it is; read aloud. */
  label: string;
  language?: "yaml" | "text";
  lineNumbers?: boolean;
  notes?: readonly CodeNote[];
  /** 1-based line to bring out. */
  highlight?: number | undefined;
}

function Line({ text, language }: { text: string; language: "yaml" | "text" }): ReactNode {
  if (language === "text") return text === "" ? " " : text;
  return tokenizeYamlLine(text).map((token, index) => (
    <span key={index} className={token.kind === "plain" ? undefined : styles[token.kind]}>
      {token.text}
    </span>
  ));
}

/** Text of a file, read only. */
export function CodeBlock({ text, label, language = "text", lineNumbers = false, notes = [], highlight }: CodeBlockProps): ReactNode {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    // May be focused, so that it can be scrolled by keyboard.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.block} aria-label={label} tabIndex={0}>
      <code className={styles.code}>
        {lines.map((line, index) => {
          const number = index + 1;
          const here = notes.filter((note) => note.line === number);
          return (
            <Fragment key={number}>
              <span className={clsx(styles.line, here[0] !== undefined && styles[here[0].tone], number === highlight && styles.highlight)} data-line={number}>
                {lineNumbers && (
                  <span className={styles.number} aria-hidden="true">
                    {number}
                  </span>
                )}
                <span className={styles.text}>
                  <Line text={line} language={language} />
                </span>
              </span>
              {here.map((note, at) => (
                <span key={at} className={clsx(styles.note, styles[note.tone])}>
                  {note.content}
                </span>
              ))}
            </Fragment>
          );
        })}
      </code>
    </section>
  );
}
