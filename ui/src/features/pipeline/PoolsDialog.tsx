// Where the jobs of each pool run: on this machine, or in an image. Opened from the head of the Pipeline room.
import { Trash2 } from "lucide-react";
import { useId, useState, type FormEvent, type ReactNode } from "react";
import { Answer, Button, Dialog, ErrorState, Field, IconButton, Note, plural, Segmented, TextInput } from "#ui/components";
import { useMutationCommand, useQueryCommand, type PoolMappingView, type ProjectId } from "#ui/ipc";
import styles from "./pools.module.css";

export interface PoolsDialogProps {
  projectId: ProjectId;
  onClose: () => void;
}

type Place = "host" | "image";

const PLACES: readonly { value: Place; label: string }[] = [
  { value: "host", label: "This machine" },
  { value: "image", label: "An image" },
];

/** The table of pools. */
export function PoolsDialog({ projectId, onClose }: PoolsDialogProps): ReactNode {
  const pools = useQueryCommand("pool_mapping_list", { projectId });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Pools"
      description="A job asks for a machine with pool: or vmImage:. Say here where such a job runs. What you say counts for every project on this machine."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <Answer of={pools}>
        {(rows) => (
          <div className={styles.stack}>
            {rows.length === 0 ? (
              <p className={styles.muted}>The pipeline asks for no pool, so its jobs run on this machine.</p>
            ) : (
              <ul className={styles.rows} aria-label="Pools">
                {rows.map((row) => (
                  // A choice that was saved elsewhere starts its row anew.
                  <li key={`${row.label} ${row.image ?? ""} ${row.isChosen}`}>
                    <PoolRow row={row} />
                  </li>
                ))}
              </ul>
            )}
            <NewPool taken={rows.map((row) => row.label.toLowerCase())} />
          </div>
        )}
      </Answer>
    </Dialog>
  );
}

function PoolRow({ row }: { row: PoolMappingView }): ReactNode {
  const [place, setPlace] = useState<Place>(row.image === null ? "host" : "image");
  const [image, setImage] = useState(row.image ?? "");
  const save = useMutationCommand("pool_mapping_set", { quiet: true });
  const remove = useMutationCommand("pool_mapping_remove", { quiet: true });
  const heading = useId();
  const wanted = place === "host" ? null : image.trim();
  const isRefused = row.foreignSystem !== null && !row.isChosen;
  const isChanged = isRefused || wanted !== row.image;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wanted !== "") save.mutate({ label: row.label, image: wanted });
  };
  return (
    <form className={styles.row} onSubmit={submit} aria-labelledby={heading} noValidate>
      <div className={styles.head}>
        <strong id={heading} className={styles.mono}>
          {row.label}
        </strong>
        <span className={styles.muted}>{row.jobs.length === 0 ? "Not asked for by this pipeline" : `${plural(row.jobs.length, "job")}: ${row.jobs.join(", ")}`}</span>
        {row.isChosen && <IconButton label={`Forget the choice for ${row.label}`} icon={Trash2} onClick={() => remove.mutate({ label: row.label })} />}
      </div>
      {isRefused && (
        <Note tone="warning" title={`This is no ${row.foreignSystem ?? ""} machine`}>
          Runs with this pool are refused until you choose. Many scripts run here all the same.
        </Note>
      )}
      <div className={styles.choice}>
        <Segmented label={`Jobs of ${row.label} run on`} options={PLACES} value={place} onChange={setPlace} />
        {place === "image" && (
          <Field label={`Image for ${row.label}`} isLabelHidden>
            <TextInput isMono placeholder="debian:12" value={image} onChange={(event) => setImage(event.currentTarget.value)} />
          </Field>
        )}
        <Button type="submit" size="small" isBusy={save.isPending} disabled={!isChanged || wanted === ""}>
          Save
        </Button>
      </div>
      {save.error !== null && <ErrorState error={save.error} compact />}
      {remove.error !== null && <ErrorState error={remove.error} compact />}
    </form>
  );
}

function NewPool({ taken }: { taken: readonly string[] }): ReactNode {
  const [label, setLabel] = useState("");
  const [image, setImage] = useState("");
  const save = useMutationCommand("pool_mapping_set", { quiet: true });
  const isTaken = taken.includes(label.trim().toLowerCase());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (label.trim() === "" || isTaken) return;
    const clear = (): void => {
      setLabel("");
      setImage("");
    };
    save.mutate({ label: label.trim(), image: image.trim() === "" ? null : image.trim() }, { onSuccess: clear });
  };
  return (
    <form className={styles.row} onSubmit={submit} noValidate>
      <strong>Another pool</strong>
      <div className={styles.choice}>
        <Field label="Label" error={isTaken ? "It is in the list above." : undefined}>
          <TextInput isMono placeholder="ubuntu-22.04" value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        </Field>
        <Field label="Image" help="Empty means this machine.">
          <TextInput isMono placeholder="debian:12" value={image} onChange={(event) => setImage(event.currentTarget.value)} />
        </Field>
        <Button type="submit" size="small" isBusy={save.isPending} disabled={label.trim() === "" || isTaken}>
          Add
        </Button>
      </div>
      {save.error !== null && <ErrorState error={save.error} compact />}
    </form>
  );
}
