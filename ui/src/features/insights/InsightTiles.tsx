// The numbers of the Application Insights overview, in the portal's definitions, as a row of tiles.
import type { ReactNode } from "react";
import { StatusPill } from "#ui/components";
import type { TelemetryOverview } from "#ui/ipc";
import styles from "./insights.module.css";

interface Tile {
  label: string;
  value: string;
  unit?: string;
  note: string;
  isBad?: boolean;
}

/** Requests, failures, response times, availability and exceptions of a span. */
export function InsightTiles({ overview }: { overview: TelemetryOverview }): ReactNode {
  return (
    <dl className={styles.tiles} aria-label="Overview">
      {tilesOf(overview).map((tile) => (
        <div key={tile.label} className={styles.tile}>
          <dt className={styles.tileLabel}>{tile.label}</dt>
          <dd className={styles.tileValue}>
            {tile.value}
            {tile.unit !== undefined && <span className={styles.tileUnit}>{tile.unit}</span>}
          </dd>
          <dd className={styles.tileNote}>
            {tile.isBad === true ? <StatusPill state="warning" size="small" label={tile.note} /> : tile.note}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function tilesOf(overview: TelemetryOverview): Tile[] {
  const minutes = Math.max(1, (overview.to - overview.from) / 60_000);
  const count = (value: number): string => value.toLocaleString("en");
  const time = (label: string, value: number | null, note: string): Tile => (value === null ? { label, value: "–", note: "no request" } : { label, value: value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : count(Math.round(value)), unit: "ms", note });
  return [
    { label: "Requests", value: count(overview.requests), note: `${(overview.requests / minutes).toFixed(1)} a minute` },
    overview.failureRate === null
      ? { label: "Failure rate", value: "–", note: "no request" }
      : { label: "Failure rate", value: percent(overview.failureRate), unit: "%", note: `${count(overview.failedRequests)} failed`, isBad: overview.failedRequests > 0 },
    time("Median, p50", overview.p50Ms, "half are faster"),
    time("p95", overview.p95Ms, "1 in 20 is slower"),
    time("p99", overview.p99Ms, "1 in 100 is slower"),
    overview.availability === null
      ? { label: "Availability", value: "–", note: "no probe" }
      : { label: "Availability", value: percent(overview.availability), unit: "%", note: overview.availability < 100 ? `${count(Math.max(1, Math.round(overview.probes * (1 - overview.availability / 100))))} of ${count(overview.probes)} failed` : `${count(overview.probes)} probes`, isBad: overview.availability < 100 },
    { label: "Exceptions", value: count(overview.exceptions), note: overview.exceptions === 0 ? "none" : `${overview.exceptionGroups.length} problems`, isBad: overview.exceptions > 0 },
  ];
}

function percent(value: number): string {
  if (Number.isInteger(value)) return String(value);
  // 99.996 must not be shown as 100.
  return value > 99.9 && value < 100 ? (Math.floor(value * 100) / 100).toFixed(2) : value.toFixed(1);
}
