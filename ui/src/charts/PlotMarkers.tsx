// Deployments over the plot: each is a link to its deployment, with its name and time on hover and on focus. plotters
// draws a flag where there is room for its word; where there is none, a pennant stands here.
import type { ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import { objectHref } from "#ui/components";
import styles from "./PlotChart.module.css";
import { formatInstant, xOfInstant } from "./plot-geometry";

export interface PlotMarkersProps {
  chart: ChartView;
  /** Every word of the drawing. */
  written: string;
}

/** The deployments that happened inside a chart's span. */
export function PlotMarkers({ chart, written }: PlotMarkersProps): ReactNode {
  const shown = chart.markers.filter((marker) => marker.at >= chart.from && marker.at <= chart.to);
  if (shown.length === 0) return null;
  const top = (chart.plotTop / chart.height) * 100;
  const bottom = 100 - (chart.plotBottom / chart.height) * 100;
  return (
    <ul className={styles.markers} aria-label={`Deployments on ${chart.title}`}>
      {shown.map((marker) => {
        const x = (xOfInstant(chart, marker.at) / chart.width) * 100;
        return (
          <li key={marker.deploymentId} className={styles.marker} style={{ left: `${x}%`, top: `${top}%`, bottom: `${bottom}%` }} data-side={x > 50 ? "left" : "right"} data-drawn={written.includes(marker.label)}>
            <a className={styles.pennant} href={objectHref({ kind: "deployment", id: marker.deploymentId })}>
              <span className={styles.pennantLabel}>
                {marker.label} <span className={styles.pennantTime}>{formatInstant(marker.at, chart)}</span>
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
