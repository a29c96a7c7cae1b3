// The crosshair at one instant: a line, a dot on each drawn line, and a card with the exact values. Seen, not spoken:
// the slider under it says the same to a screen reader.
import type { ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import styles from "./PlotChart.module.css";
import { formatInstant, formatValue, valueAt, xOfInstant, yOfValue } from "./plot-geometry";

export interface PlotReadoutProps {
  chart: ChartView;
  at: number;
}

/** The exact values of every series at one instant. */
export function PlotReadout({ chart, at }: PlotReadoutProps): ReactNode {
  const x = (xOfInstant(chart, at) / chart.width) * 100;
  const top = (chart.plotTop / chart.height) * 100;
  const bottom = 100 - (chart.plotBottom / chart.height) * 100;
  const isRight = x > 50;
  return (
    <div className={styles.readout} aria-hidden="true">
      <span className={styles.hair} style={{ left: `${x}%`, top: `${top}%`, bottom: `${bottom}%` }} />
      {chart.series.map((series) => {
        const value = valueAt(series, at);
        const y = value === null ? null : yOfValue(chart, value);
        return y === null ? null : <span className={styles.dot} key={series.name} style={{ left: `${x}%`, top: `${(y / chart.height) * 100}%`, background: series.color }} />;
      })}
      <div className={styles.card} data-side={isRight ? "left" : "right"} style={isRight ? { right: `${100 - x}%`, top: `${top}%` } : { left: `${x}%`, top: `${top}%` }}>
        <p className={styles.cardTime}>{formatInstant(at, chart)}</p>
        <dl className={styles.cardValues}>
          {chart.series.map((series) => (
            <div key={series.name}>
              <dt>
                <span className={styles.swatch} style={{ background: series.color }} />
                {series.name}
              </dt>
              <dd>{formatValue(valueAt(series, at), chart.unit)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
