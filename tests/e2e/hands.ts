// Two hands of the canvas in Chromium: one with a mouse, one with nothing but a keyboard.
import { expect, type Locator, type Page } from "@playwright/test";

/** The most stops of Tab between any two places of the room. */
const MOST_STOPS = 160;

const one = (page: Page, xpath: string): Locator => page.locator(`xpath=${xpath}`).first();

function common(page: Page) {
  return {
    find: (xpath: string) => one(page, xpath).waitFor(),
    has: async (xpath: string) => (await page.locator(`xpath=${xpath}`).count()) > 0,
    gone: (xpath: string) => expect(page.locator(`xpath=${xpath}`)).toHaveCount(0),
    press: (chord: string) => page.keyboard.press(chord),
    type: (text: string) => page.keyboard.type(text),
  };
}

/** A hand with a mouse. */
export function mouse(page: Page) {
  const click = (xpath: string): Promise<void> => one(page, xpath).click();
  const put = (xpath: string, text: string): Promise<void> => one(page, xpath).fill(text);
  return {
    ...common(page),
    click,
    choose: click,
    clickAt: (xpath: string, x: number, y: number) => one(page, xpath).click({ position: { x, y } }),
    leave: (xpath: string) => one(page, xpath).click({ position: { x: 8, y: 8 } }),
    put,
    fill: async (xpath: string, text: string) => {
      await put(xpath, text);
      await page.keyboard.press("Tab");
    },
    /** Lets go above the middle of the other. */
    drag: async (from: string, to: string) => {
      const start = await one(page, from).boundingBox();
      const end = await one(page, to).boundingBox();
      if (start === null || end === null) throw new Error("both nodes are in sight");
      await page.mouse.move(start.x + 60, start.y + 12);
      await page.mouse.down();
      await page.mouse.move(start.x + 66, start.y + 4, { steps: 3 });
      await page.mouse.move(end.x + 60, end.y + 4, { steps: 8 });
      await page.mouse.up();
    },
  };
}

/** A hand that has no mouse: it goes by Tab and arrow keys, and sees where it is by the focus alone. */
export function keyboard(page: Page) {
  const isThere = (xpath: string): Promise<boolean> =>
    page.evaluate((path) => document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue === document.activeElement, xpath);
  const goTo = async (xpath: string): Promise<void> => {
    await one(page, xpath).waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      if (await isThere(xpath)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never came to ${xpath}`);
  };
  const put = async (xpath: string, text: string): Promise<void> => {
    await goTo(xpath);
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
  };
  return {
    ...common(page),
    click: async (xpath: string) => {
      await goTo(xpath);
      await page.keyboard.press("Enter");
    },
    /** Of a group of choices the checked one takes the focus; arrows go to the others. */
    choose: async (xpath: string) => {
      const radio = `${xpath}//input`;
      const name = await one(page, radio).getAttribute("name");
      await goTo(`//input[@name='${name}'][not(following::input[@name='${name}'][@data-none])][1]`).catch(async () => {
        for (let stop = 0; stop < MOST_STOPS; stop += 1) {
          if (await page.evaluate((group) => (document.activeElement as HTMLInputElement | null)?.name === group, name)) return;
          await page.keyboard.press("Tab");
        }
      });
      for (let at = 0; at < 5 && !(await one(page, radio).isChecked()); at += 1) await page.keyboard.press("ArrowRight");
    },
    leave: async () => {
      for (let stop = 0; stop < MOST_STOPS; stop += 1) {
        if (await page.evaluate(() => document.activeElement?.getAttribute("role") === "treeitem")) break;
        await page.keyboard.press("Tab");
      }
      for (let level = 0; level < 5; level += 1) await page.keyboard.press("Escape");
    },
    put,
    fill: async (xpath: string, text: string) => {
      await put(xpath, text);
      await page.keyboard.press("Tab");
    },
  };
}
