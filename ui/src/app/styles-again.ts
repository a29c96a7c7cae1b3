// A style sheet that did not arrive is asked for once more. A browser gives up what it is loading when a network of this
// machine comes or goes, and a deployment to local containers makes one; without its sheet a page is not usable.
const PAUSE_MS = 300;

const isSheet = (target: EventTarget | null): target is HTMLLinkElement => target instanceof HTMLLinkElement && target.rel === "stylesheet";

/** One that did not arrive is there as an empty one in some browsers. */
function isEmpty({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet === null || sheet.cssRules.length === 0;
  } catch {
    return true;
  }
}

function again(link: HTMLLinkElement): void {
  if (link.dataset["again"] !== undefined) return;
  const next = link.cloneNode() as HTMLLinkElement;
  next.dataset["again"] = "";
  setTimeout(() => link.replaceWith(next), PAUSE_MS);
}

/** Looks after the sheets that are there already, and those to come. */
export function loadStylesAgain(): void {
  window.addEventListener("error", ({ target }) => (isSheet(target) ? again(target) : undefined), true);
  // The code of a room waits for its sheet; it does without one that is on its way again.
  window.addEventListener("vite:preloadError", (event) => (/css/i.test(event.payload.message) ? event.preventDefault() : undefined));
  // What failed before this ran has told nobody.
  const look = (): void => {
    for (const link of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) if (isEmpty(link)) again(link);
  };
  if (document.readyState === "complete") look();
  else window.addEventListener("load", look, { once: true });
}
