// A deployment without a run: an image of the registry and the manifests it goes with. Asks, then hands over to the plan.
import { useState, type ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { EmptyState, Field, FormDialog, href, Select, shortDigest, TextArea } from "#ui/components";
import type { Intent } from "./PlanDialog";

const KEPT = "slipway.deploy.manifests";

export interface DeployDialogProps {
  projectId: ProjectId;
  environment: string;
  onClose: () => void;
  onChosen: (intent: Intent) => void;
}

/** Picks what to deploy. */
export function DeployDialog({ projectId, environment, onClose, onChosen }: DeployDialogProps): ReactNode {
  const images = useQueryCommand("image_list", { projectId });
  const [digest, setDigest] = useState("");
  const [manifests, setManifests] = useState(() => window.localStorage.getItem(`${KEPT}.${projectId}`) ?? "manifests");
  const [isTried, setTried] = useState(false);
  const list = images.data ?? [];
  const chosen = list.find((image) => image.digest === digest) ?? list[0];
  const paths = manifests.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const submit = (): void => {
    setTried(true);
    if (chosen === undefined || paths.length === 0) return;
    window.localStorage.setItem(`${KEPT}.${projectId}`, paths.join("\n"));
    onChosen({ environment, source: { from: "image", digest: chosen.digest, manifests: paths }, reason: "deploy", title: `Deploy to ${environment}`, origin: "registry" });
  };
  return (
    <FormDialog onClose={onClose} title={`Deploy to ${environment}`} description="Choose an image and its manifests. The next step shows what would change; nothing is deployed before." of={{ isPending: false, error: images.error }} action="Show what would change" onSubmit={submit}>
      {images.data !== undefined && list.length === 0 ? (
        <EmptyState title="No image yet" body="A run that builds and pushes an image puts it here." action={<a href={href.loop()}>Go to the Loop and press Run</a>} />
      ) : (
        <Field label="Image" help="Deployed by its digest, whatever its tags do later.">
          <Select value={chosen?.digest ?? ""} onChange={(event) => setDigest(event.currentTarget.value)} options={list.map((image) => ({ value: image.digest, label: `${image.repository}${image.tags[0] === undefined ? "" : `:${image.tags[0]}`} · ${shortDigest(image.digest)}` }))} />
        </Field>
      )}
      <Field label="Manifests" error={isTried && paths.length === 0 ? "Name at least one file or folder." : undefined} help="Files or folders of the repository, one a line, as the working tree has them; kustomizations and Helm charts are built. #{NAME}# in them stands for a variable of the environment.">
        <TextArea isMono rows={3} value={manifests} onChange={(event) => setManifests(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
