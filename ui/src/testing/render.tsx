// Draws a screen over a FakeHost, and asks axe about it. For tests only.
import { QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import axe from "axe-core";
import type { ReactElement } from "react";
import { followEvents, makeQueryClient, setHost } from "#ui/ipc";
import { FakeHost } from "#ui/ipc/fake/host";

export { FakeHost };

/** Draws `screen` over a fake host in a mode, or one made by hand with overridden answers. */
export function renderScreen(screen: ReactElement, fake: string | FakeHost = "ready"): RenderResult & { host: FakeHost } {
  const host = typeof fake === "string" ? new FakeHost(fake) : fake;
  setHost(host);
  const client = makeQueryClient();
  followEvents(client);
  return { ...render(<QueryClientProvider client={client}>{screen}</QueryClientProvider>), host };
}

/** The rules a drawn screen breaks, each as `rule: where`; empty is good. Contrast is checked by contrast.test.ts. */
export async function axeProblems(container: Element): Promise<string[]> {
  const result = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false }, "page-has-heading-one": { enabled: false } } });
  return result.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`));
}
