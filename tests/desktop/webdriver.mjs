// The real window under Xvfb, driven through WebKitWebDriver by plain fetch.
//
// Pitfalls this keeps clear of: no `browserName` in the capabilities, TAURI_WEBVIEW_AUTOMATION or nothing attaches, no
// DMA-BUF variable or screenshots hang, one driver per test because the window inherits its surroundings.
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { binDir, eventually, Sandbox, testDir } from "../support/sandbox.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a screen of its own; answers `:N`. */
export async function screen(sandbox, more = [], size = "1280x800") {
  // The server picks a display that is free and tells its number.
  const child = sandbox.start("Xvfb", ["-displayfd", "1", "-screen", "0", `${size}x24`, "-nolisten", "tcp", ...more]);
  const found = await eventually("the virtual screen", 20_000, () => {
    if (child.exitCode !== null) throw new Error(`Xvfb ended: ${child.said}`);
    return /^(\d+)\s*$/m.exec(child.said);
  });
  return `:${found[1]}`;
}

/** A window of `slipway-desktop` with its driver, screen and folder. */
export class Window {
  /** Opens one; `more` are further environment variables, `size` is the screen's. */
  static async open(name, more = {}, binary = path.join(binDir, "slipway-desktop"), size = "1280x800") {
    const window = new Window();
    window.name = name;
    window.sandbox = new Sandbox(name);
    try {
      const display = await screen(window.sandbox, [], size);
      const port = await freePort();
      window.base = `http://127.0.0.1:${port}`;
      window.driver = window.sandbox.start("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
        DISPLAY: display,
        TAURI_WEBVIEW_AUTOMATION: "true",
        WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
        NO_AT_BRIDGE: "1",
        GDK_BACKEND: "x11",
        // Else GTK starts a bus that outlives the window.
        DBUS_SESSION_BUS_ADDRESS: "disabled:",
        ...more,
      });
      await eventually("the driver", 20_000, async () => (await fetch(`${window.base}/status`)).ok);
      const made = await window.#send("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary, args: [] } } } }, 60_000);
      window.session = `/session/${made.sessionId}`;
      await window.#send("POST", `${window.session}/timeouts`, { script: 30_000, implicit: 0, pageLoad: 60_000 });
      return window;
    } catch (error) {
      const said = window.driver?.said ?? "";
      await window.sandbox.close();
      throw new Error(`the window did not open: ${error.message}\n${said}`, { cause: error });
    }
  }

  async #send(method, where, body, limitMs = 60_000) {
    const answer = await fetch(this.base + where, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
      signal: AbortSignal.timeout(limitMs),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${where}: ${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function body in the page. */
  script(text, ...args) {
    return this.#send("POST", `${this.session}/execute/sync`, { script: text, args });
  }

  /** Runs the body of an async function in the page, and waits for what it answers. */
  async later(text, ...args) {
    const wrapped = `const done = arguments[arguments.length - 1]; (async function () { ${text} }).apply(null, arguments).then((answer) => done({ answer }), (error) => done({ error: String(error) }))`;
    const { answer, error } = await this.#send("POST", `${this.session}/execute/async`, { script: wrapped, args });
    if (error !== undefined) throw new Error(error);
    return answer;
  }

  /** Asks the app a command, as the page does. */
  async rpc(name, payload) {
    const text = "const [name, payload, done] = arguments; window.__TAURI_INTERNALS__.invoke('rpc', { name, payload }).then((answer) => done({ answer }), (error) => done({ error }))";
    const { answer, error } = await this.#send("POST", `${this.session}/execute/async`, { script: text, args: [name, payload] });
    if (error !== undefined) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return answer;
  }

  /** Makes the window this large. */
  size(width, height) {
    return this.#send("POST", `${this.session}/window/rect`, { x: 0, y: 0, width, height });
  }

  /** Elements by XPath. */
  async all(xpath) {
    const found = await this.#send("POST", `${this.session}/elements`, { using: "xpath", value: xpath });
    return found.map((one) => one[ELEMENT]);
  }

  /** The first element by XPath, once it is there. */
  async find(what, xpath, limitMs = 30_000) {
    return eventually(what, limitMs, async () => (await this.all(xpath))[0]);
  }

  /** Clicks an element, once it is there. */
  async click(what, xpath) {
    const element = await this.find(what, xpath);
    // The driver scrolls the page, but not a list within the page.
    await this.script("arguments[0].scrollIntoView({ block: 'nearest' })", { [ELEMENT]: element });
    await this.#send("POST", `${this.session}/element/${element}/click`, {});
  }

  /** Moves, presses and releases, as the driver's own input. */
  async perform(actions) {
    await this.#send("POST", `${this.session}/actions`, { actions });
    await this.#send("DELETE", `${this.session}/actions`);
  }

  /** Where an element is, once it is there and still. */
  async place(what, xpath) {
    const element = await this.find(what, xpath);
    const where = () => this.script("arguments[0].scrollIntoView({ block: 'nearest' }); const { x, y, width, height } = arguments[0].getBoundingClientRect(); return { x, y, width, height }", { [ELEMENT]: element });
    let before = await where();
    return eventually(`${what} stands still`, 10_000, async () => {
      const now = await where();
      const isStill = now.x === before.x && now.y === before.y;
      before = now;
      return isStill && now;
    });
  }

  /** Types into whatever has the focus, or into an element. */
  async type(text, xpath) {
    const element = xpath === undefined ? Object.values(await this.#send("GET", `${this.session}/element/active`))[0] : await this.find(xpath, xpath);
    await this.#send("POST", `${this.session}/element/${element}/value`, { text });
  }

  /** What the page says. */
  text() {
    return this.script("return document.body.innerText");
  }

  /** The names of the ten stations. */
  stations() {
    return this.script('return [...document.querySelectorAll("button[aria-label^=\'Step \']")].map((one) => one.getAttribute("aria-label"))');
  }

  /** Keeps a picture for people to look at. */
  async picture(name, folder = path.join(testDir, "shots")) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `window-${name}.png`), Buffer.from(await this.#send("GET", `${this.session}/screenshot`), "base64"));
  }

  /** Ends the session and everything under it; answers what was left behind. */
  async close() {
    await this.#send("DELETE", this.session, undefined, 30_000).catch(() => undefined); // The window may be gone.
    return this.sandbox.close();
  }
}
