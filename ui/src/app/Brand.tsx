import type { ReactNode } from "react";

/** The mark: a hull on its slipway, about to meet the water. The same drawing as icons/slipway.svg. */
export function Brand({ size = 30 }: { size?: number }): ReactNode {
  return <img src="./slipway.svg" width={size} height={size} alt="" />;
}
