// A hand of the canvas in the real window: WebDriver's mouse and keyboard. The journeys are those of the browser
// (tests/support/canvas.mjs).
import { eventually } from "../support/sandbox.mjs";

const KEYS = { Control: "\uE009", Shift: "\uE008", Alt: "\uE00A", Enter: "\uE007", Tab: "\uE004", Escape: "\uE00C", Delete: "\uE017", F2: "\uE032", ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015", Home: "\uE011" };
const LIMIT_MS = 20_000;

/** The hand of a window. */
export function handOf(window) {
  const press = (chord) => {
    const keys = chord.split("+").map((key) => KEYS[key] ?? key);
    const actions = [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))];
    return window.perform([{ type: "key", id: "keyboard", actions }]);
  };
  const mouse = (actions) => window.perform([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }]);
  const to = (x, y, duration = 40) => ({ type: "pointerMove", duration, x: Math.round(x), y: Math.round(y), origin: "viewport" });
  const clickAt = async (xpath, dx, dy) => {
    const { x, y } = await window.place(xpath, xpath);
    await mouse([to(x + dx, y + dy), { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }]);
  };
  // A form that is still arriving moves what is to be clicked.
  const click = async (xpath) => {
    await window.place(xpath, xpath);
    await window.click(xpath, xpath);
  };
  const put = async (xpath, text) => {
    await click(xpath);
    await press("Control+a");
    await press("Delete");
    // The driver types a line break as nothing; Enter is a key.
    await window.type(text.replaceAll("\n", KEYS.Enter), xpath);
  };
  return {
    find: (xpath) => window.find(xpath, xpath, LIMIT_MS),
    has: async (xpath) => (await window.all(xpath)).length > 0,
    gone: (xpath) => eventually(`without ${xpath}`, LIMIT_MS, async () => (await window.all(xpath)).length === 0),
    press,
    type: (text) => window.type(text),
    click,
    choose: click,
    clickAt,
    leave: (xpath) => clickAt(xpath, 8, 8),
    put,
    fill: async (xpath, text) => {
      await put(xpath, text);
      await press("Tab");
    },
    /** Lets go above the middle of the other. */
    drag: async (from, target) => {
      const start = await window.place(from, from);
      const end = await window.place(target, target);
      await mouse([
        to(start.x + 60, start.y + 12),
        { type: "pointerDown", button: 0 },
        to(start.x + 66, start.y + 4, 120),
        to(end.x + 66, end.y + 20, 200),
        to(end.x + 60, end.y + 4, 200),
        { type: "pause", duration: 100 },
        { type: "pointerUp", button: 0 },
      ]);
    },
  };
}
