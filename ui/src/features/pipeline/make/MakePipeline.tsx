import { FilePlus, FileText, GitBranch } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Answer, Button, ErrorState, href, openHref, Panel, plural } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ProjectId, type ProposalApplied, type ProposalOptions, type ProposalView } from "#ui/ipc";
import { BranchDialog } from "./BranchDialog";
import styles from "./make.module.css";
import { ProposalForm } from "./ProposalForm";
import { ProposedFiles } from "./ProposedFiles";
import { useSettled } from "./use-settled";

const NO_WISHES: ProposalOptions = { tests: null, image: null, deploy: null, branch: null, port: null, imageName: null, environment: null, registry: null };

/** What was found, and from which file. */
function Found({ proposal }: { proposal: ProposalView }): ReactNode {
  if (proposal.detected.length === 0) return <p className={styles.nothing}>No file was found that says how this repository is built. The pipeline proposed is one to fill in.</p>;
  return (
    <ul className={styles.found}>
      {proposal.detected.map((one) => (
        <li key={`${one.file} ${one.what}`}>
          <span>{one.what}</span>
          <code>{one.file}</code>
        </li>
      ))}
    </ul>
  );
}

interface ProposalProps {
  projectId: ProjectId;
  proposal: ProposalView;
  wish: ProposalOptions;
  /** False while the proposal for what was chosen last is on its way. */
  isFresh: boolean;
  onWish: (wish: ProposalOptions) => void;
  /** What lies in the repository may be other than was read. */
  onRefused: () => void;
}

function Proposal({ projectId, proposal, wish, isFresh, onWish, onRefused }: ProposalProps): ReactNode {
  const [edited, setEdited] = useState<Readonly<Record<string, string>>>({});
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [isBranching, setBranching] = useState(false);
  const apply = useMutationCommand("pipeline_propose_apply", { quiet: true });
  const chosen = proposal.files.filter((file) => file.isNew && !leftOut.has(file.path));
  const files = chosen.map((file) => ({ path: file.path, text: edited[file.path] ?? file.text }));

  const create = async (what: { files: typeof files; branch?: string; message?: string }): Promise<void> => {
    let made: ProposalApplied;
    try {
      made = await apply.mutateAsync({ projectId, files: what.files, branch: what.branch ?? null, message: what.message ?? null });
    } catch {
      // The mutation keeps the failure, which is shown; a file that came meanwhile is seen as there.
      onRefused();
      return;
    }
    // By now the pipeline's own room stands here.
    const { runId } = made;
    toast(made.commit === null ? `Created ${plural(made.paths.length, "file")}` : `Committed ${made.commit.shortSha} on ${made.branch ?? "no branch"}`, {
      description: made.triggerReason ?? "Nothing is committed yet: look at the files, then commit them.",
      action: runId === null ? undefined : { label: "Open the run", onClick: () => openHref(href.run(runId)) },
    });
  };
  return (
    <div className={styles.room}>
      <div className={styles.bar}>
        <p className={styles.lead}>
          No <code>azure-pipelines.yml</code> yet: here is one that fits this repository. Nothing is written before you say so, and no file of yours is changed.
        </p>
        <div className={styles.actions}>
          <Button variant="ghost" icon={FileText} isBusy={apply.isPending} onClick={() => void create({ files: [{ path: "azure-pipelines.yml", text: proposal.empty }] })}>
            Start with an empty pipeline
          </Button>
          <Button icon={GitBranch} disabled={files.length === 0 || !isFresh} onClick={() => setBranching(true)}>
            Create on a branch…
          </Button>
          <Button variant="primary" icon={FilePlus} disabled={files.length === 0 || !isFresh} isBusy={apply.isPending} onClick={() => void create({ files })}>
            Create these files
          </Button>
        </div>
      </div>
      <div className={styles.side}>
        <Panel title="Found in the repository">
          <Found proposal={proposal} />
        </Panel>
        <Panel title="Choices">
          <ProposalForm choices={proposal.options} wish={wish} onWish={onWish} />
        </Panel>
      </div>
      <Panel fill flush className={styles.files} title="Proposed files" subtitle={`${chosen.length} of ${proposal.files.length} to create`}>
        {apply.error !== null && !isBranching && (
          <div className={styles.refusal}>
            <ErrorState error={apply.error} compact />
          </div>
        )}
        <ProposedFiles
          files={proposal.files}
          edited={edited}
          leftOut={leftOut}
          onEdit={(path, text) => setEdited((now) => ({ ...now, [path]: text }))}
          onChoose={(path, isChosen) => {
            const next = new Set(leftOut);
            if (isChosen) next.delete(path);
            else next.add(path);
            setLeftOut(next);
          }}
        />
      </Panel>
      {isBranching && (
        <BranchDialog
          of={apply}
          count={files.length}
          onSubmit={(branch, message) => void create({ files, branch, message })}
          onClose={() => {
            setBranching(false);
            apply.reset();
          }}
        />
      )}
    </div>
  );
}

/** A pipeline for a repository that has none: what was found, what can be chosen, and the files to look at before they are made. */
export function MakePipeline({ projectId }: { projectId: ProjectId }): ReactNode {
  const [wish, setWish] = useState(NO_WISHES);
  const options = useSettled(wish, 250);
  const proposal = useQueryCommand("pipeline_propose", { projectId, options }, { keepPrevious: true });
  const { refetch } = proposal;
  return (
    <Answer of={proposal}>
      {(data) => <Proposal projectId={projectId} proposal={data} wish={wish} isFresh={wish === options && !proposal.isPlaceholderData} onWish={setWish} onRefused={() => void refetch()} />}
    </Answer>
  );
}
