import { useState, type ReactNode } from "react";
import { Answer, PageHeader, Screen } from "#ui/components";
import { useQueryCommand, type LoopStepKey, type LoopView, type ProjectId } from "#ui/ipc";
import { LoadingPicture, LoopPicture } from "./LoopPicture";
import styles from "./LoopScreen.module.css";
import { NextStep } from "./NextStep";
import { stepInFocus } from "./steps";
import { StepDetail } from "./StepDetail";

function Loop({ loop }: { loop: LoopView }): ReactNode {
  const [chosen, setChosen] = useState<LoopStepKey>();
  const key = chosen ?? stepInFocus(loop);
  const step = loop.steps.find((candidate) => candidate.key === key);
  return (
    <div className={styles.layout}>
      <LoopPicture loop={loop} chosen={key} onChoose={setChosen}>
        <NextStep loop={loop} />
      </LoopPicture>
      {step !== undefined && <StepDetail step={step} />}
    </div>
  );
}

/** Home: the ten steps as they stand, and what to do next. */
export function LoopScreen({ projectId }: { projectId: ProjectId }): ReactNode {
  const loop = useQueryCommand("loop_get", { projectId });
  const project = loop.data?.project;
  return (
    <Screen>
      <PageHeader
        title="From change to healthy release"
        subtitle={project === undefined ? undefined : `${project.name}${project.branch === null ? "" : ` on ${project.branch}`}: ten steps, one thread`}
      />
      <Answer of={loop} loading={<LoadingPicture />}>
        {(data) => <Loop loop={data} />}
      </Answer>
    </Screen>
  );
}
