import type { ReactNode } from "react";

/** The mark: a hull on its slipway, with the water in front of it. */
export function Brand({ size = 28 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="15" fill="var(--ink-700)" />
      <path d="M13 27h33l6-7c1 9-2 17-9 22H20c-5-4-7-9-7-15z" fill="var(--white)" />
      <path d="M24 27v-9h11v9z" fill="var(--teal-400)" />
      <path d="M8 39l41 13" stroke="var(--amber-400)" strokeWidth="4.5" strokeLinecap="round" />
    </svg>
  );
}
