// One `slipway serve` for all journeys of a file, on a data folder of its own, and the ways into its page.
import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

const STILL_MS = 600;
const STEP_MS = 50;
/** The flag of an address that the kernel still looks for elsewhere; it takes it a second or two after the device came. */
const TENTATIVE = 0x40;

/** The devices of this machine and their addresses; undefined while one is about to change. */
function networks(): string | undefined {
  const addresses = existsSync("/proc/net/if_inet6") ? readFileSync("/proc/net/if_inet6", "utf8") : "";
  const isChanging = addresses.split("\n").some((line) => (Number.parseInt(line.split(/\s+/)[4] ?? "0", 16) & TENTATIVE) !== 0);
  return isChanging ? undefined : `${readdirSync("/sys/class/net").join(" ")}\n${addresses}`;
}

/**
 * Waits until the networks of this machine have stood still for a moment. A container of the journey before may have just
 * come or still be on its way out; its network changes with it, and a browser gives up whatever it loads then.
 */
async function quietNetworks(): Promise<void> {
  let [before, still] = [networks(), 0];
  for (let waited = 0; still < STILL_MS && waited < 15_000; waited += STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const now = networks();
    still = now !== undefined && now === before ? still + STEP_MS : 0;
    before = now;
  }
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
      await quietNetworks();
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
