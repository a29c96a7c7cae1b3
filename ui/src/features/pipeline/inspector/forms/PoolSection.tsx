// Where jobs run.
import type { ReactNode } from "react";
import { useDesk } from "../desk";
import { ShortFields } from "../fields/KeyField";
import { Section } from "../fields/Section";
import { poolAt } from "../spec/spec";
import { find, textOf } from "../written";

const POOL = poolAt();

export function PoolSection(): ReactNode {
  const { written } = useDesk();
  const pool = find(written, "pool");
  const image = textOf(pool, "vmImage");
  return (
    <Section title="Pool" isOpen={pool !== undefined} note={pool === undefined ? undefined : image === "" ? pool.text || textOf(pool, "name") || undefined : image}>
      <ShortFields of={POOL} />
    </Section>
  );
}
