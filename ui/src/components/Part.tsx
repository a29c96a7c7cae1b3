import { useEffect, useState, type ComponentType, type ReactNode } from "react";

/** A browser gives up what it is loading when a network of this machine comes or goes; code that did not arrive is asked for once more. */
const PAUSE_MS = 300;

/** What a part takes: what its component takes, and what stands there until that has come. */
export type PartProps<P> = P & { waiting?: ReactNode };

/**
 * A component whose code is loaded when it is first drawn. React's own `lazy` lets what waits stand for at least 300 ms;
 * here the component is there as soon as its code is.
 */
export function part<P extends object>(load: () => Promise<ComponentType<P>>): (props: PartProps<P>) => ReactNode {
  let found: ComponentType<P> | undefined;
  let coming: Promise<void> | undefined;
  const come = async (): Promise<void> => {
    try {
      found = await load().catch(async () => {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        return load();
      });
    } finally {
      // Whoever is drawn after a failure tries again.
      coming = undefined;
    }
  };
  return function Part({ waiting = null, ...props }: PartProps<P>): ReactNode {
    const [outcome, setOutcome] = useState<{ failure?: unknown }>({});
    const isThere = found !== undefined;
    useEffect(() => {
      if (isThere) return undefined;
      let isOff = false;
      const tell = (next: { failure?: unknown }): void => (isOff ? undefined : setOutcome(next));
      coming ??= come();
      coming.then(
        () => tell({}),
        (failure: unknown) => tell({ failure }),
      );
      return () => {
        isOff = true;
      };
    }, [isThere]);
    if ("failure" in outcome) throw outcome.failure;
    const Found = found;
    return Found === undefined ? waiting : <Found {...(props as unknown as P)} />;
  };
}
