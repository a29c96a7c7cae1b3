import { ServerCog } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { Answer, Button, href, PageHeader, Screen } from "#ui/components";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { MakePipeline } from "./make/MakePipeline";
import { PipelineRoom } from "./PipelineRoom";
import { PoolsDialog } from "./PoolsDialog";

/** The pipeline file: the text, what is wrong with it, and what it would run. */
export function PipelineScreen({ projectId, line }: { projectId: ProjectId; line?: number | undefined }): ReactNode {
  const pipeline = useQueryCommand("pipeline_get", { projectId });
  const { refetch } = pipeline;
  const reread = useCallback(() => void refetch(), [refetch]);
  const [arePoolsOpen, setArePoolsOpen] = useState(false);
  const isMissing = pipeline.error?.code === "pipeline_missing" && pipeline.data === undefined;
  return (
    <Screen fill>
      <PageHeader
        title="Pipeline"
        subtitle="The file is the truth: what you read here is what runs"
        actions={
          <>
            <a href={href.tasks()}>Tasks and their folders</a>
          <Button icon={ServerCog} onClick={() => setArePoolsOpen(true)}>
            Pools
          </Button>
          </>
        }
      />
      {arePoolsOpen && <PoolsDialog projectId={projectId} onClose={() => setArePoolsOpen(false)} />}
      {isMissing ? (
        <MakePipeline projectId={projectId} />
      ) : (
        <Answer of={pipeline}>{(data) => <PipelineRoom projectId={projectId} pipeline={data} line={line} reread={reread} />}</Answer>
      )}
    </Screen>
  );
}
