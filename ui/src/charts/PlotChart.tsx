// A chart as plotters drew it in Rust, with a transparent layer over it: exact values under a crosshair that snaps to
// instants, deployment markers that can be followed, and the same values as a table. Nothing is drawn a second time.
import { useCallback, useId, useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import type { ChartView } from "#ui/ipc";
import { Button } from "#ui/components";
import { PlotMarkers } from "./PlotMarkers";
import { PlotReadout } from "./PlotReadout";
import { PlotTable } from "./PlotTable";
import styles from "./PlotChart.module.css";
import { formatInstant, formatValue, indexAfterKey, instantOfX, instantsOf, nearestIndex, valueAt } from "./plot-geometry";
import { cleanDrawing } from "./plot-svg";

export interface PlotChartProps {
  chart: ChartView;
}

/** A chart of telemetry with exact values by pointer, by keyboard and as a table. */
export function PlotChart({ chart }: PlotChartProps): ReactNode {
  const titleId = useId();
  const tableId = useId();
  const [index, setIndex] = useState(-1);
  const [isTable, setIsTable] = useState(false);
  const instants = useMemo(() => instantsOf(chart.series), [chart.series]);
  const drawing = useMemo(() => cleanDrawing(chart.svg), [chart.svg]);
  const mount = useCallback((host: HTMLDivElement | null) => host?.replaceChildren(...(drawing === null ? [] : [drawing])), [drawing]);

  const at = instants[index];
  const say = at === undefined ? `${instants.length} points; arrow keys move through them` : describe(chart, at);
  const left = (chart.plotLeft / chart.width) * 100;
  const right = 100 - (chart.plotRight / chart.width) * 100;
  const top = (chart.plotTop / chart.height) * 100;
  const bottom = 100 - (chart.plotBottom / chart.height) * 100;

  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width === 0) return;
    const part = (event.clientX - box.left) / box.width;
    setIndex(nearestIndex(instants, instantOfX(chart, chart.plotLeft + part * (chart.plotRight - chart.plotLeft))));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      setIndex(-1);
      return;
    }
    const next = indexAfterKey(event.key, index, instants.length);
    if (next === null) return;
    event.preventDefault();
    setIndex(next);
  };

  return (
    <figure className={styles.chart} aria-labelledby={titleId}>
      <figcaption className={styles.head}>
        <h3 className={styles.title} id={titleId}>
          {chart.title}
          {chart.unit !== "" && chart.unit !== "1" && <span className={styles.unit}>{chart.unit}</span>}
        </h3>
        {chart.series.length > 1 && (
          <ul className={styles.legend} aria-label={`Lines of ${chart.title}`}>
            {chart.series.map((series) => (
              <li key={series.name}>
                <span className={styles.swatch} style={{ background: series.color }} aria-hidden="true" />
                {series.name}
              </li>
            ))}
          </ul>
        )}
        <Button size="small" variant="ghost" aria-label={`${isTable ? "Hide table" : "Show as table"}: ${chart.title}`} aria-expanded={isTable} aria-controls={tableId} onClick={() => setIsTable(!isTable)}>
          {isTable ? "Hide table" : "Show as table"}
        </Button>
      </figcaption>
      <div className={styles.stage} style={{ aspectRatio: `${chart.width} / ${chart.height}` }}>
        <div className={styles.drawing} ref={mount} aria-hidden="true" />
        {drawing === null && <p className={styles.broken}>The drawing could not be read; the table has the values.</p>}
        {instants.length > 0 && (
          <div
            className={styles.plot}
            style={{ left: `${left}%`, right: `${right}%`, top: `${top}%`, bottom: `${bottom}%` }}
            // A native range cannot lie transparent over a drawing and snap to uneven instants.
            // oxlint-disable-next-line prefer-tag-over-role
            role="slider"
            tabIndex={0}
            aria-label={`${chart.title}, values over time`}
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={instants.length - 1}
            aria-valuenow={Math.max(0, index)}
            aria-valuetext={say}
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={() => setIndex(-1)}
            onFocus={() => setIndex((now) => (now < 0 ? instants.length - 1 : now))}
            onBlur={() => setIndex(-1)}
            onKeyDown={press}
          />
        )}
        {at !== undefined && <PlotReadout chart={chart} at={at} />}
        <PlotMarkers chart={chart} written={drawing?.textContent ?? ""} />
      </div>
      <div id={tableId} hidden={!isTable}>
        {isTable && <PlotTable chart={chart} instants={instants} />}
      </div>
    </figure>
  );
}

function describe(chart: ChartView, at: number): string {
  const values = chart.series.map((series) => `${series.name} ${formatValue(valueAt(series, at), chart.unit)}`);
  return `${formatInstant(at, chart)}: ${values.join(", ")}`;
}
