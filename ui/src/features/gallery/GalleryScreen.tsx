import { FolderOpen, Play } from "lucide-react";
import { useState, type ReactNode } from "react";
import {
  Bytes,
  Button,
  CodeBlock,
  CommitChip,
  DataTable,
  Dialog,
  Digest,
  Duration,
  EmptyState,
  ErrorState,
  Field,
  IconButton,
  Kbd,
  KeyValue,
  Note,
  ObjectLink,
  PageHeader,
  Panel,
  RelativeTime,
  Screen,
  Segmented,
  Select,
  Skeleton,
  StatusPill,
  Tabs,
  TextArea,
  TextInput,
  Tooltip,
} from "#ui/components";
import type { ApiError, ErrorKind, ObjectKind } from "#ui/ipc";
import styles from "./gallery.module.css";

const STATES = ["pending", "inProgress", "succeeded", "succeededWithIssues", "failed", "canceled", "skipped", "interrupted", "idle", "ready", "missing", "starting", "healthy", "unhealthy", "proven", "unproven", "toDo", "doing", "done", "something new"];
const KINDS: ErrorKind[] = ["refused", "userInput", "cancelled", "unavailable", "bug"];
const OBJECTS: ObjectKind[] = ["change", "commit", "run", "image", "environment", "deployment", "pod", "telemetry", "exception", "workItem"];
const errorOf = (kind: ErrorKind): ApiError => ({ kind, code: kind, message: `An answer of the kind ${kind}.`, hint: "One thing to do next.", corr: "c-0001" });
const DIGEST = `sha256:${"3fa9c1".repeat(11).slice(0, 64)}`;
const SHA = "60ca02775d1e4f7a9c0b8d6e5f4a3b2c1d0e9f8a";
const NOW = Date.now();

function Facts(): ReactNode {
  return (
    <Panel title="Facts">
      <KeyValue
        items={[
          { name: "Digest", value: <Digest digest={DIGEST} isLink /> },
          { name: "Commit", value: <CommitChip sha={SHA} summary="Return 503 while the tide table loads" /> },
          { name: "Time", value: <RelativeTime at={NOW - 90_000} /> },
          { name: "Duration", value: <Duration ms={74_200} /> },
          { name: "Going", value: <Duration from={NOW} to={null} /> },
          { name: "Size", value: <Bytes value={14_812_034} /> },
          { name: "Keys", value: <Kbd>Ctrl</Kbd> },
          {
            name: "Objects",
            value: (
              <span className={styles.row}>
                {OBJECTS.map((kind) => (
                  <ObjectLink key={kind} object={{ kind, id: kind === "commit" ? SHA : kind === "image" ? DIGEST : kind === "workItem" ? "42" : kind }} />
                ))}
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Inputs(): ReactNode {
  const [segment, setSegment] = useState<"one" | "two">("one");
  const [tab, setTab] = useState("first");
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title="Fields and overlays">
      <div className={styles.stack}>
        <Field label="Folder" help="The whole path">
          <TextInput isMono placeholder="/home/you/src/app" />
        </Field>
        <Field label="Title" error="A title is needed.">
          <TextInput />
        </Field>
        <Field label="Description">
          <TextArea />
        </Field>
        <Field label="Type">
          <Select options={[{ value: "bug", label: "Bug" }, { value: "task", label: "Task" }]} />
        </Field>
        <Segmented label="Choice" value={segment} onChange={setSegment} options={[{ value: "one", label: "One" }, { value: "two", label: "Two" }]} />
        <Tabs label="Views" value={tab} onChange={setTab} items={[{ value: "first", label: "First", content: "The first view" }, { value: "second", label: "Second", count: 3, content: "The second view" }]} />
        <div className={styles.row}>
          <Button onClick={() => setOpen(true)}>Open a dialog</Button>
          <Tooltip tip="Says more">
            <button type="button">With a tip</button>
          </Tooltip>
        </div>
        <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="A question" description="With an explanation." actions={<Button onClick={() => setOpen(false)}>Close</Button>} />
      </div>
    </Panel>
  );
}

/** Every primitive in all its states; photographed by scripts/shots.mjs. */
export function GalleryScreen(): ReactNode {
  return (
    <Screen>
      <PageHeader title="Gallery" subtitle="Every primitive in all its states" actions={<Button icon={Play}>An action</Button>} />
      <div className={styles.grid}>
        <Panel title="Buttons">
          <div className={styles.stack}>
            {(["small", "medium", "large"] as const).map((size) => (
              <div key={size} className={styles.row}>
                {(["primary", "secondary", "ghost", "danger"] as const).map((variant) => (
                  <Button key={variant} size={size} variant={variant} icon={Play}>
                    {variant}
                  </Button>
                ))}
                <IconButton label="An icon" icon={Play} size={size} />
              </div>
            ))}
            <div className={styles.row}>
              <Button variant="primary" isBusy>
                Busy
              </Button>
              <Button disabled>Disabled</Button>
            </div>
          </div>
        </Panel>
        <Panel title="States">
          <div className={styles.row}>
            {STATES.map((state) => (
              <StatusPill key={state} state={state} />
            ))}
            <StatusPill state="succeeded" size="small" />
            <StatusPill state="failed" size="small" iconOnly />
          </div>
        </Panel>
        <Panel title="Errors">
          <div className={styles.stack}>
            {KINDS.map((kind) => (
              <ErrorState key={kind} error={errorOf(kind)} onRetry={() => undefined} compact={kind === "cancelled"} />
            ))}
          </div>
        </Panel>
        <Panel title="Notes">
          <div className={styles.stack}>
            {(["info", "success", "warning", "danger", "neutral"] as const).map((tone) => (
              <Note key={tone} tone={tone} title={`A ${tone} note`}>
                A sentence more.
              </Note>
            ))}
          </div>
        </Panel>
        <Facts />
        <Inputs />
        <Panel title="Empty">
          <EmptyState icon={FolderOpen} title="Nothing here yet" body="And what to do about it." action={<Button>Do it</Button>} />
        </Panel>
        <Panel title="Loading">
          <Skeleton lines={4} />
          <Skeleton height={64} />
        </Panel>
        <Panel title="Table" flush>
          <DataTable
            label="Rows"
            rows={["one", "two", "three"]}
            rowKey={(row) => row}
            onOpen={() => undefined}
            isSelected={(row) => row === "two"}
            columns={[
              { key: "name", header: "Name", cell: (row) => row },
              { key: "length", header: "Length", align: "end", cell: (row) => row.length },
            ]}
          />
        </Panel>
        <Panel title="Code" flush>
          <CodeBlock label="Sample" language="yaml" lineNumbers text={"# A comment\nstages:\n  - stage: Build\n    variables:\n      tag: $(Build.BuildNumber)\n      count: 3\n"} notes={[{ line: 5, tone: "warning", content: "Something to know." }]} highlight={6} />
        </Panel>
      </div>
    </Screen>
  );
}
