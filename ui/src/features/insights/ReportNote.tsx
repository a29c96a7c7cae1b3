// "Write report": asks for the HTML report and says where its files are.
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMutationCommand, type ApiError, type ReportFiles, type ReportWrite } from "#ui/ipc";
import { CopyButton, ErrorState, Note, plural } from "#ui/components";
import styles from "./insights.module.css";

type Report = UseMutationResult<ReportFiles, ApiError, ReportWrite>;

/** The mutation behind the button; its failure is shown in the page, not as a toast. */
export function useReport(): Report {
  return useMutationCommand("report_write", { quiet: true });
}

/** Where the report was written, or why it was not. */
export function ReportNote({ report }: { report: Report }): ReactNode {
  if (report.error !== null) {
    return (
      <div className={styles.gapBelow}>
        <ErrorState error={report.error} compact />
      </div>
    );
  }
  if (report.data === undefined) return null;
  const { html, charts } = report.data;
  return (
    <output className={styles.written}>
      <Note tone="success" title={`The report was written, with ${plural(charts.length, "chart")}`}>
        <ul className={styles.paths}>
          {[html, ...charts].map((path) => (
            <li key={path}>
              <code>{path}</code>
              <CopyButton text={path} label={`Copy path ${path}`} />
            </li>
          ))}
        </ul>
      </Note>
    </output>
  );
}
