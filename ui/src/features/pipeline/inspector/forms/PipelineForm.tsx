// The pipeline itself: what starts it, what it is asked, what it has. Of a file with steps only also its one job.
import type { ReactNode } from "react";
import { useDesk } from "../desk";
import { AlsoWritten } from "../fields/Elsewhere";
import { KeyFields } from "../fields/KeyField";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import type { KeySpec } from "../spec/spec";
import { JOB_PART_KEYS, JobParts } from "./JobForm";
import { ParametersSection } from "./ParametersSection";
import { PoolSection } from "./PoolSection";
import { ResourcesSection } from "./ResourcesSection";
import { SchedulesSection } from "./SchedulesSection";
import { StrategySection } from "./StrategySection";
import { TriggerSection } from "./TriggerSection";
import { VariablesSection } from "./VariablesSection";
import { WouldStart } from "./WouldStart";

const RUN: KeySpec[] = [
  { keys: ["name"], label: "Run number", kind: "suggest", help: "The format of run numbers.", fallback: "$(Date:yyyyMMdd).$(Rev:r)", options: ["$(Date:yyyyMMdd).$(Rev:r)", "$(BuildDefinitionName)_$(SourceBranchName)_$(Date:yyyyMMdd).$(Rev:r)", "$(Build.SourceBranchName)-$(Rev:r)", "1.0.$(Rev:r)"] },
  { keys: ["appendCommitMessageToRunName"], label: "Commit message behind the number", kind: "flag", fallback: "true" },
  { keys: ["lockBehavior"], label: "Exclusive lock", kind: "pick", help: "How runs wait for it: in turn, or only the newest.", options: ["sequential", "runLatest"], fallback: "runLatest" },
];
const KEYS = ["name", "appendCommitMessageToRunName", "lockBehavior", "trigger", "pr", "schedules", "parameters", "variables", "resources", "pool", "stages", "jobs", "steps", "phases", "extends"];

export function PipelineForm(): ReactNode {
  const { board, written } = useDesk();
  const isOneJob = board.level === "steps";
  return (
    <>
      <TriggerSection word="trigger" />
      <TriggerSection word="pr" />
      <SchedulesSection />
      <WouldStart />
      <ParametersSection />
      <VariablesSection />
      <PoolSection />
      {isOneJob && <StrategySection />}
      {isOneJob && <JobParts />}
      <ResourcesSection />
      <Section title="Run number and locks" isOpen={RUN.some((spec) => written.entries.some((entry) => entry.key === spec.keys[0]))}>
        <KeyFields specs={RUN} />
      </Section>
      <AlsoWritten entries={restOf(written, new Set([...KEYS, ...(isOneJob ? ["strategy", ...JOB_PART_KEYS] : [])]))} />
    </>
  );
}
