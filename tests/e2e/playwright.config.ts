// The page in Debian's Chromium against a real `slipway serve`. One worker: the journeys follow one loop.
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const testDir = process.env.SLIPWAY_TEST_DIR || tmpdir();

export default defineConfig({
  testDir: ".",
  outputDir: path.join(testDir, "playwright"),
  reporter: [["list"]],
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 860 },
    colorScheme: "light",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
