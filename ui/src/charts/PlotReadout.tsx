// The crosshair at one instant: a line, a dot on each drawn line, and a card with the exact values. Seen, not spoken:
// the slider under it says the same to a screen reader.
import type { ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import styles from "./PlotChart.module.css";
import { formatInstant, formatValue, valueAt, xOfInstant, yOfValue } from "./plot-geometry";

export interface PlotReadoutProps {
  chart: ChartView;
  at: number;
  /** The value at the top of the plot; null when the drawing does not tell, and then there are no dots. */
  top: number | null;
  /** Colour of each series in the drawing. */
  colors: readonly (string | null)[];
}

/** The exact values of every series at one instant. */
export function PlotReadout({ chart, at, top: valueTop, colors }: PlotReadoutProps): ReactNode {
  const x = (xOfInstant(chart, at) / chart.width) * 100;
  const top = (chart.plotTop / chart.height) * 100;
  const bottom = 100 - (chart.plotBottom / chart.height) * 100;
  const isRight = x > 50;
  return (
    <div className={styles.readout} aria-hidden="true">
      <span className={styles.hair} style={{ left: `${x}%`, top: `${top}%`, bottom: `${bottom}%` }} />
      {chart.series.map((series, index) => {
        const value = valueAt(series, at);
        if (value === null || valueTop === null) return null;
        return <span className={styles.dot} key={series.name} style={{ left: `${x}%`, top: `${(yOfValue(chart, valueTop, value) / chart.height) * 100}%`, background: colors[index] ?? undefined }} />;
      })}
      <div className={styles.card} data-side={isRight ? "left" : "right"} style={isRight ? { right: `${100 - x}%`, top: `${top}%` } : { left: `${x}%`, top: `${top}%` }}>
        <p className={styles.cardTime}>{formatInstant(at, chart)}</p>
        <dl className={styles.cardValues}>
          {chart.series.map((series, index) => (
            <div key={series.name}>
              <dt>
                <span className={styles.swatch} style={{ background: colors[index] ?? undefined }} />
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
