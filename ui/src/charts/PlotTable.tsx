// A chart's values as a table: for screen readers, for copying, and for whoever would rather read numbers.
import type { ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import styles from "./PlotChart.module.css";
import { formatInstant, formatValue, valueAt } from "./plot-geometry";

export interface PlotTableProps {
  chart: ChartView;
  instants: readonly number[];
}

/** Every instant with the value of every series, newest first. */
export function PlotTable({ chart, instants }: PlotTableProps): ReactNode {
  return (
    // A scrolling region must be reachable by keyboard.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.tableScroll} aria-label={`${chart.title} table`} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visuallyHidden">{`${chart.title}, newest first`}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {chart.series.map((series) => (
              <th scope="col" key={series.name} data-align="end">
                {series.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {instants.toReversed().map((at) => (
            <tr key={at}>
              <th scope="row">{formatInstant(at, chart)}</th>
              {chart.series.map((series) => (
                <td key={series.name} data-align="end">
                  {formatValue(valueAt(series, at), chart.unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
