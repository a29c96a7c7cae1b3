// One `slipway serve` for all journeys of a file, on a data folder of its own, and the ways into its page.
import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { Sandbox } from "../support/sandbox.mjs";
import { startCluster, type Cluster } from "./cluster";

export interface House {
  sandbox: Sandbox;
  base: string;
  token: string;
  port: number;
  /** A control plane of the house's own, where its binary is given. */
  cluster: Cluster | undefined;
}

interface Journey {
  /** Opens a room by its address, such as `/runs`. */
  open: (room?: string) => Promise<void>;
}

export const test = base.extend<Journey, { houseOf: string; hasCluster: boolean; house: House }>({
  // A file that names another gets a house of its own.
  houseOf: ["journeys", { option: true, scope: "worker" }],
  hasCluster: [false, { option: true, scope: "worker" }],
  house: [
    async ({ houseOf, hasCluster }, use) => {
      const sandbox = new Sandbox(`e2e-${houseOf}`);
      const cluster = hasCluster ? await startCluster(sandbox.dir) : undefined;
      try {
        const { base: address, token, port } = await sandbox.serve([], cluster === undefined ? {} : { KUBECONFIG: cluster.kubeconfig });
        await use({ sandbox, base: address, token, port, cluster });
      } finally {
        await cluster?.stop();
        const left = await sandbox.close();
        expect(left, "nothing is left outside of the suite's folder").toEqual([]);
      }
    },
    { scope: "worker", timeout: 240_000 },
  ],
  open: async ({ page, house }, use) => {
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    page.on("requestfailed", (request) => {
      if (request.resourceType() === "stylesheet") broken.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    await use(async (room = "/loop") => {
      await page.goto(`${house.base}/?token=${house.token}#${room}`);
    });
    expect(broken, "no error reached the page's console").toEqual([]);
  },
});

/** Asks the app as the page does. */
export async function rpc(house: House, name: string, request: object = {}): Promise<any> {
  const answer = await fetch(`${house.base}/rpc/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Slipway-Token": house.token },
    body: JSON.stringify(request),
  });
  const body = await answer.json();
  expect(answer.status, `${name} answers: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

/** The project that the page shows. */
export async function projectOf(house: House): Promise<string> {
  return (await rpc(house, "project_list"))[0].id;
}

/** The ten stations, or those in a state. */
export function stations(page: Page, state = ""): Locator {
  return page.getByRole("button", { name: state === "" ? /^Step \d+ of 10, / : new RegExp(`^Step \\d+ of 10, [^:]+: ${state}\\.`) });
}

export { expect };
