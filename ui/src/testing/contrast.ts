// Reads styles/tokens.css and computes WCAG contrast. For contrast.test.ts only.

type Colour = readonly [number, number, number];

/** Custom properties of a theme, the dark ones laid over the light ones. */
export function readTokens(css: string, theme: "light" | "dark"): Map<string, string> {
  const tokens = new Map<string, string>();
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  for (const [, selector = "", body = ""] of plain.matchAll(/([^{}]+)\{([^}]*)\}/g)) {
    if (selector.trim() !== ":root" && !(theme === "dark" && selector.includes('"dark"'))) continue;
    for (const [, name = "", value = ""] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) tokens.set(name, value.trim());
  }
  return tokens;
}

function colour(tokens: Map<string, string>, name: string): Colour {
  let value = tokens.get(name);
  for (let hops = 0; value?.startsWith("var(") === true && hops < 8; hops += 1) value = tokens.get(value.slice(4, -1));
  const hex = /^#([0-9a-f]{6})$/i.exec(value ?? "")?.[1];
  if (hex === undefined) throw new Error(`${name} is not a whole colour: ${value ?? "not there"}`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;
}

function luminance(of: Colour): number {
  const [red, green, blue] = of.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two tokens, 1 to 21. */
export function contrast(tokens: Map<string, string>, one: string, other: string): number {
  const [light, dark] = [luminance(colour(tokens, one)), luminance(colour(tokens, other))].toSorted((left, right) => right - left) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
