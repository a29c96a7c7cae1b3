// A job or deployment, and the parts that a file with steps only shares with it.
import { Repeat2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Field } from "#ui/components";
import { useDesk } from "../desk";
import { AlsoWritten, Elsewhere } from "../fields/Elsewhere";
import { KeyFields, ShortFields } from "../fields/KeyField";
import { NamesField } from "../fields/NamesField";
import { Refusal } from "../fields/Refusal";
import { restOf } from "../fields/rest-of";
import { RowsField } from "../fields/RowsField";
import { Section } from "../fields/Section";
import { SuggestInput } from "../fields/SuggestInput";
import { useSource } from "../fields/use-sources";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import { CONTAINER, JOB_LIMITS } from "../spec/spec";
import type { BoardNodeView } from "../wire";
import { find, has } from "../written";
import { Condition } from "./Condition";
import { DeploymentSection } from "./DeploymentSection";
import { Names } from "./Names";
import { PoolSection } from "./PoolSection";
import { setNote } from "./StepForm";
import { StrategySection } from "./StrategySection";
import { VariablesSection } from "./VariablesSection";

/** Containers, and limits: of a job, or of the one job that the file is. */
export function JobParts(): ReactNode {
  const { written } = useDesk();
  const container = find(written, "container");
  const services = find(written, "services");
  const env = find(container, "env");
  return (
    <>
      <Section title="Containers" isOpen={container !== undefined || services !== undefined}>
        <ShortFields of={CONTAINER} />
        {container?.form === "map" && <RowsField legend="Environment of the container" word="container variable" keys={["container", "env"]} />}
        {env !== undefined && container?.form !== "map" && <Elsewhere label="env" written={env} />}
        <RowsField legend="Services" word="service" keys={["services"]} isText help="The name it is reached at, and an image or container resource." />
      </Section>
      <Section title="Limits and workspace" isOpen={JOB_LIMITS.some((spec) => has(written, ...spec.keys))} note={setNote(written, JOB_LIMITS)}>
        <KeyFields specs={JOB_LIMITS} />
      </Section>
    </>
  );
}

export const JOB_PART_KEYS = ["container", "services", "timeoutInMinutes", "cancelTimeoutInMinutes", "continueOnError", "workspace", "uses"];

function Convert({ node }: { node: BoardNodeView }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const environments = useSource("environments");
  const [environment, setEnvironment] = useState<string>();
  const isJob = node.kind === "job";
  const typed = environment ?? environments[0]?.value ?? "dev";
  const convert = (): void => sent.run(desk.send({ gesture: "convert", node: desk.path, to: isJob ? "deployment" : "job", environment: isJob ? typed.trim() : null }));
  return (
    <Section title={isJob ? "Make it a deployment" : "Make it a job"}>
      {isJob && (
        <Field label="Environment to deploy to">
          <SuggestInput value={typed} suggestions={environments} onType={setEnvironment} onDone={setEnvironment} onRestore={() => setEnvironment(undefined)} />
        </Field>
      )}
      <p className={styles.note}>{isJob ? "Its steps become the deploy hook of a strategy that runs once." : "The steps of its deploy hook become the job’s."}</p>
      <Refusal why={sent.problem} />
      <div>
        <Button size="small" icon={Repeat2} disabled={isJob && typed.trim() === ""} onClick={convert}>
          {isJob ? "Convert to a deployment" : "Convert to a job"}
        </Button>
      </div>
    </Section>
  );
}

const JOB_KEYS = new Set(["job", "deployment", "phase", "displayName", "dependsOn", "condition", "strategy", "pool", "variables", "steps", "environment", ...JOB_PART_KEYS]);

export function JobForm({ node }: { node: BoardNodeView }): ReactNode {
  const { written } = useDesk();
  const isDeployment = node.kind === "deployment";
  return (
    <>
      <Section title={isDeployment ? "Deployment" : "Job"} isOpen>
        <Names keyword={isDeployment ? "deployment" : has(written, "phase") ? "phase" : "job"} />
        <NamesField node={node} word="job" />
      </Section>
      {isDeployment && <DeploymentSection />}
      <Condition />
      <PoolSection />
      <VariablesSection />
      {!isDeployment && <StrategySection />}
      <JobParts />
      <Convert node={node} />
      <AlsoWritten entries={restOf(written, JOB_KEYS)} />
    </>
  );
}
