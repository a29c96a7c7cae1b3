// Puts a drawing that came over the wire into the page without trusting it: parses it as XML, then copies only the
// shapes and attributes that plotters writes. Scripts, links, styles, handlers and foreign content have no way in.

const namespace = "http://www.w3.org/2000/svg";
const shapes = new Set(["svg", "g", "defs", "linearGradient", "stop", "line", "polyline", "polygon", "path", "rect", "circle", "ellipse", "text", "tspan"]);
const attributes = new Set([
  "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "d", "points", "width", "height", "viewBox",
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity",
  "stroke-opacity", "font-size", "font-family", "font-weight", "font-style", "text-anchor", "dominant-baseline", "transform", "shape-rendering", "offset", "stop-color", "stop-opacity", "gradientUnits", "id",
]);
/** `fill="url(…)"` could reach outside the drawing; only a gradient of the drawing itself may be named. */
const reaches = /url\s*\(|javascript:|data:/i;
const ownGradient = /^url\(#slipway-[\w-]+\)$/;

/** The drawing as fresh nodes, or null when it is not a drawing. */
export function cleanDrawing(text: string): SVGSVGElement | null {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = parsed.documentElement;
  if (parsed.querySelector("parsererror") !== null || root.localName !== "svg") return null;
  const copy = copyShape(root) as SVGSVGElement;
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${root.getAttribute("width") ?? "0"} ${root.getAttribute("height") ?? "0"}`);
  copy.removeAttribute("width");
  copy.removeAttribute("height");
  return copy;
}

function copyShape(source: Element): SVGElement {
  const copy = document.createElementNS(namespace, source.localName);
  for (const { name, value } of source.attributes) {
    if (!attributes.has(name) || (name === "id" && (source.localName !== "linearGradient" || !value.startsWith("slipway-")))) continue;
    if (!reaches.test(value) || ownGradient.test(value)) copy.setAttribute(name, value);
    // Without a fill a shape is black.
    else if (name === "fill") copy.setAttribute(name, "none");
  }
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(document.createTextNode(child.textContent ?? ""));
    else if (child instanceof Element && shapes.has(child.localName)) copy.append(copyShape(child));
  }
  return copy;
}
