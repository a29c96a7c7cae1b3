// Photographs screens in every story of the fake host: node scripts/shots.mjs <out> [filter]
// Serves dist/ itself on a free port of the loopback, so that it photographs what is shipped.
import { createReadStream, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const out = process.argv[2] ?? "/tmp/shots";
const filter = process.argv[3] ?? "";
const types = { ".svg": "image/svg+xml", ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
  const file = join(dist, path === "/" ? "index.html" : path);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}/`;

const shots = [];
const add = (name, mode, address, sizes = [[1280, 800]], themes = ["light", "dark"]) => {
  for (const [width, height] of sizes) for (const theme of themes) shots.push({ name: `${name}-${mode}-${width}-${theme}`, mode, address, width, height, theme });
};
const both = [[1280, 800], [1920, 1080]];
for (const mode of ["ready", "running"]) add("loop", mode, "/loop", both);
for (const mode of ["empty", "redrun", "partial"]) add("loop", mode, "/loop", [[1280, 800]], ["light"]);
add("loop", "running", "/loop", [[1024, 768]], ["dark"]);
for (const mode of ["refused", "failed", "loading"]) add("loop", mode, "/loop", [[1280, 800]], ["light"]);
add("changes", "ready", "/changes", both);
add("pipeline", "ready", "/pipeline", both);
for (const mode of ["partial", "refused", "failed", "loading"]) add("pipeline", mode, "/pipeline", [[1280, 800]], ["light"]);
add("runs", "ready", "/runs");
add("run", "running", "/runs/run-7", both);
add("run", "ready", "/runs/run-6", [[1280, 800]], ["light"]);
add("interrupted", "ready", "/runs/run-4", [[1280, 800]], ["light"]);
add("tests", "ready", "/runs/run-6?tab=tests", both);
add("coverage", "ready", "/runs/run-7?tab=coverage", both);
for (const room of ["changes", "pipeline", "runs"]) add(room, "empty", `/${room}`, [[1280, 800]], ["light"]);
add("library", "ready", "/library", both);
for (const mode of ["empty", "partial", "refused"]) add("library", mode, "/library", [[1280, 800]], ["light"]);
for (const mode of ["ready", "running"]) add("environments", mode, "/environments", both);
for (const mode of ["canary", "sick-canary"]) add("environments", mode, "/environments");
for (const mode of ["empty", "partial"]) add("environments", mode, "/environments", [[1280, 800]], ["light"]);
add("clusters", "ready", "/cluster", [[1280, 800]]);
const harbour = "/cluster?context=kind-tidewater&namespace=tidewater";
for (const [name, rest] of Object.entries({ pods: "", events: "&kind=~events", map: "&kind=~map", usage: "&kind=~usage" })) add(`cluster-${name}`, "ready", `${harbour}${rest}`, both);
for (const tab of ["summary", "yaml", "logs", "shell", "forward"]) add(`pod-${tab}`, "ready", `${harbour}&kind=pods&object=tidewater-worker-7d9f8c6b5-hz4lm&within=tidewater&tab=${tab}`, both);
add("welcome", "welcome", "/loop");
add("gallery", "ready", "/gallery");

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
for (const shot of shots.filter((candidate) => candidate.name.includes(filter))) {
  const page = await browser.newPage({ viewport: { width: shot.width, height: shot.height }, colorScheme: shot.theme });
  page.on("pageerror", (error) => console.log(shot.name, "PAGE ERROR", error.message));
  page.on("console", (message) => message.type() === "error" && console.log(shot.name, "console:", message.text()));
  await page.goto(`${base}?fake=${shot.mode}#${shot.address}`);
  await page.waitForSelector("main *");
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(out, `${shot.name}.png`), fullPage: shot.name.startsWith("gallery") });
  await page.close();
}
await browser.close();
server.close();
