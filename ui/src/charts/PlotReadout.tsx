// The crosshair at one instant: a line, a dot on each drawn line, and a card with the exact values. Seen, not spoken:
// the slider under it says the same to a screen reader.
import type { ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import styles from "./PlotChart.module.css";
import { formatInstant, formatValue, heightAt, valueAt, xOfInstant, type Vertex } from "./plot-geometry";

export interface PlotReadoutProps {
  chart: ChartView;
  at: number;
  /** Each series' line in the drawing, or null where it was not found. */
  lines: readonly (readonly Vertex[] | null)[];
}

/** The exact values of every series at one instant. */
export function PlotReadout({ chart, at, lines }: PlotReadoutProps): ReactNode {
  const x = (xOfInstant(chart, at) / chart.width) * 100;
  const top = (chart.plotTop / chart.height) * 100;
  const bottom = 100 - (chart.plotBottom / chart.height) * 100;
  const isRight = x > 50;
  return (
    <div className={styles.readout} aria-hidden="true">
      <span className={styles.hair} style={{ left: `${x}%`, top: `${top}%`, bottom: `${bottom}%` }} />
      {lines.map((line, index) => {
        const y = line === null ? null : heightAt(chart, line, at);
        const name = chart.series[index]?.name ?? "";
        return y === null ? null : <span className={styles.dot} key={name} style={{ left: `${x}%`, top: `${(y / chart.height) * 100}%` }} />;
      })}
      <div className={styles.card} data-side={isRight ? "left" : "right"} style={isRight ? { right: `${100 - x}%`, top: `${top}%` } : { left: `${x}%`, top: `${top}%` }}>
        <p className={styles.cardTime}>{formatInstant(at, chart)}</p>
        <dl className={styles.cardValues}>
          {chart.series.map((series) => (
            <div key={series.name}>
              <dt>{series.name}</dt>
              <dd>{formatValue(valueAt(series, at), chart.unit)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
