import { describe, expect, it } from "vitest";
import real from "./fixtures/response-time-light.svg?raw";
import { cleanDrawing } from "./plot-svg";

describe("cleanDrawing", () => {
  it("keeps what plotters draws", () => {
    const drawing = cleanDrawing('<svg width="720" height="240" viewBox="0 0 720 240" xmlns="http://www.w3.org/2000/svg"><polyline fill="none" opacity="1" stroke="#0A7872" stroke-width="2" points="1,2 3,4 "/><text x="1" y="2" dy="0.76em" text-anchor="middle" font-size="11">\n10:00\n</text></svg>');
    expect(drawing?.getAttribute("viewBox"), "it scales by its own box").toBe("0 0 720 240");
    expect(drawing?.hasAttribute("width"), "a fixed width would not follow the window").toBe(false);
    expect(drawing?.querySelector("polyline")?.getAttribute("stroke-width")).toBe("2");
    expect(drawing?.querySelector("text")?.textContent?.trim()).toBe("10:00");
  });

  it("lets nothing in that can act or reach out", () => {
    const drawing = cleanDrawing(
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1" height="1" onload="alert(1)"><script>alert(1)</script><style>*{}</style><foreignObject><b>x</b></foreignObject><image href="http://example.org/x.png"/><a xlink:href="javascript:alert(1)"><rect width="1" height="1"/></a><rect id="r" style="x" onclick="alert(1)" fill="url(http://example.org)" width="5" height="5"/></svg>',
    );
    expect(drawing?.outerHTML, "only the last rect is left, with its size").not.toMatch(/script|style|foreign|image|href|onload|onclick|url|<a\b/);
    expect(drawing?.querySelectorAll("rect")).toHaveLength(1);
  });

  it("keeps a real drawing's gradients, and nothing but its own", () => {
    const drawing = cleanDrawing(real);
    const id = drawing?.querySelector("linearGradient")?.id ?? "";
    expect(drawing?.querySelector("polygon")?.getAttribute("fill"), "the area is filled by the drawing's own gradient").toBe(`url(#${id})`);
    const foreign = cleanDrawing('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect fill="url(#body)" width="1" height="1"/></svg>');
    expect(foreign?.querySelector("rect")?.getAttribute("fill"), "another id is not painted with, nor left black").toBe("none");
  });

  it("says when it is not a drawing", () => {
    expect(cleanDrawing("<svg"), "broken XML").toBeNull();
    expect(cleanDrawing("<html xmlns='http://www.w3.org/1999/xhtml'/>"), "another document").toBeNull();
  });
});
