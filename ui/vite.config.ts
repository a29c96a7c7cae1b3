import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("./src/", import.meta.url));

/** `./` as base: the same files are served by Tauri's protocol, by `slipway serve` and by a plain file server. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  resolve: { alias: [{ find: /^#ui\//, replacement: src }] },
  build: { target: "safari16", assetsInlineLimit: 0, outDir: "dist", emptyOutDir: true },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 30_000,
  },
});
