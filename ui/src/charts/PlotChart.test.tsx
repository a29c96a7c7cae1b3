import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { ChartView } from "#ui/ipc";
import { axeProblems } from "#ui/testing/render";
import { realChart } from "./fixtures/real-chart";
import { PlotChart } from "./PlotChart";

const start = Date.UTC(2026, 10, 22, 12);
const points = [10, 40, 20].map((value, index) => ({ at: start + index * 60_000, value }));
const chart: ChartView = {
  key: "responseTime",
  title: "Response time",
  unit: "ms",
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="240" viewBox="0 0 720 240"><polyline stroke="#0A7872" points="60,160 360,10 660,110"/></svg>',
  width: 720,
  height: 240,
  plotLeft: 60,
  plotTop: 10,
  plotRight: 660,
  plotBottom: 210,
  from: start,
  to: start + 120_000,
  yMax: 40,
  series: [{ name: "p95", color: "#0A7872", points }, { name: "p50", color: "#2F74C0", points: [{ at: start, value: 4 }] }],
  markers: [{ at: start + 30_000, label: "20261122.7", deploymentId: "dep-3" }, { at: start - 1, label: "before", deploymentId: "dep-2" }],
};

describe("PlotChart", () => {
  it("says the exact values by keyboard", async () => {
    const user = userEvent.setup();
    const { container } = render(<PlotChart chart={chart} />);
    const slider = screen.getByRole("slider", { name: "Response time, values over time" });
    await user.tab();
    await user.tab();
    expect(slider, "the plot is reached by Tab").toHaveFocus();
    expect(slider.getAttribute("aria-valuetext"), "focus begins at the newest point").toMatch(/p95 20 ms, p50 no value$/);
    await user.keyboard("{ArrowLeft}");
    expect(slider.getAttribute("aria-valuetext"), "one point back").toMatch(/p95 40 ms/);
    expect(container.querySelector<HTMLElement>("[class*=dot]")?.style.top, "the dot stands on the drawn line, at y = 10 of 240").toMatch(/^4\.16/);
    await user.keyboard("{Home}");
    expect(slider).toHaveAttribute("aria-valuenow", "0");
    await user.keyboard("{Escape}");
    expect(container.querySelector("[class*=hair]"), "Escape takes the crosshair away").toBeNull();
  });

  it("links deployments of the span to their room", () => {
    render(<PlotChart chart={chart} />);
    const markers = within(screen.getByRole("list", { name: "Deployments on Response time" })).getAllByRole("link");
    expect(markers, "a deployment before the span has no pennant").toHaveLength(1);
    expect(markers[0]).toHaveAttribute("href", "#/deployments/dep-3");
  });

  it("has the same values as a table", async () => {
    render(<PlotChart chart={chart} />);
    await userEvent.click(screen.getByRole("button", { name: /Show as table/ }));
    const rows = within(screen.getByRole("table")).getAllByRole("row");
    expect(rows, "a head and three instants").toHaveLength(4);
    expect(rows[1]).toHaveTextContent("20 ms");
    expect(rows[3]).toHaveTextContent("4 ms");
  });

  it("puts its dots and colours on what the telemetry crate drew", async () => {
    const user = userEvent.setup();
    const real = realChart();
    const { container } = render(<PlotChart chart={real} />);
    screen.getByRole("slider").focus();
    await user.keyboard("{Home}");
    const dots = [...container.querySelectorAll<HTMLElement>("[class*=dot]")];
    expect(dots, "one dot for each of the three lines").toHaveLength(3);
    expect(dots.map((dot) => dot.style.background), "each in its line's colour").toEqual(["rgb(10, 120, 114)", "rgb(47, 116, 192)", "rgb(162, 74, 143)"]);
    // p99's first vertex is 279,602 at a quarter: y = 150.5 of 260.
    expect(Number.parseFloat(dots[2]?.style.top ?? "0"), "the dot stands on the drawn vertex").toBeCloseTo((150.5 / 260) * 100, 0);
    expect(screen.getByRole("list", { name: "Lines of Server response time" }), "three lines need a legend").toHaveTextContent("p50p95p99");
  });

  it("falls back to the table when the drawing is broken", () => {
    render(<PlotChart chart={{ ...chart, svg: "not a drawing" }} />);
    expect(screen.getByText(/table has the values/)).toBeVisible();
  });

  it("breaks no rule of axe", async () => {
    const { container } = render(<PlotChart chart={chart} />);
    await userEvent.click(screen.getByRole("button", { name: /Show as table/ }));
    expect(await axeProblems(container)).toEqual([]);
  });
});
