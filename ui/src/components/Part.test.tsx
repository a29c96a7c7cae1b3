import { render, screen } from "@testing-library/react";
import { Component, type ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { part } from "./Part";

function Greeting({ name }: { name: string }): ReactNode {
  return <p>Hello {name}</p>;
}

class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };
  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }
  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <p>{String(this.state.error)}</p>;
  }
}

describe("a part", () => {
  it("is there as soon as its code is, and is loaded once", async () => {
    let arrive = (_code: typeof Greeting): void => undefined;
    const load = vi.fn<() => Promise<typeof Greeting>>(
      async () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    const Part = part(load);
    render(
      <>
        <Part name="Mara" waiting={<p>Coming</p>} />
        <Part name="Ines" />
      </>,
    );
    expect(screen.getByText("Coming")).toBeDefined();
    arrive(Greeting);
    expect(await screen.findByText("Hello Mara")).toBeDefined();
    expect(screen.getByText("Hello Ines")).toBeDefined();
    expect(screen.queryByText("Coming")).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("that was cut off on its way is asked for once more", async () => {
    const load = vi.fn<() => Promise<typeof Greeting>>().mockRejectedValueOnce(new Error("cut off")).mockResolvedValue(Greeting);
    const Part = part(load);
    render(<Part name="Mara" />);
    expect(await screen.findByText("Hello Mara")).toBeDefined();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("that cannot be loaded is an error of the page, and is loaded anew by whoever tries again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const load = vi.fn<() => Promise<typeof Greeting>>().mockRejectedValueOnce(new Error("cut off")).mockRejectedValueOnce(new Error("no such chunk")).mockResolvedValue(Greeting);
    const Part = part(load);
    const { unmount } = render(
      <Boundary>
        <Part name="Mara" />
      </Boundary>,
    );
    expect(await screen.findByText("Error: no such chunk")).toBeDefined();
    unmount();
    render(<Part name="Mara" />);
    expect(await screen.findByText("Hello Mara")).toBeDefined();
  });
});
