// The log of a pod, or of all pods of a workload joined by time: follow, search, wrap, times, an earlier container.
import { ArrowDownToLine, Clock, History, WrapText } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { EmptyState, ErrorState, Field, IconButton, Note, plural, Select, TextInput } from "#ui/components";
import type { KubeLogStart } from "#ui/ipc";
import { selectorOf } from "../model/selector";
import { LogLines } from "../logs/LogLines";
import { useStream } from "../logs/use-stream";
import { coloursOf } from "../logs/words";
import styles from "./object.module.css";

export interface LogsTabProps {
  context: string;
  isPod: boolean;
  namespace: string;
  name: string;
  yaml: string;
  containers: readonly string[];
}

const TAIL = 1_000;
const NO_COLOURS: ReadonlyMap<string, number> = new Map();

/** Reads logs. */
export function LogsTab(props: LogsTabProps): ReactNode {
  const selector = props.isPod ? undefined : selectorOf(props.yaml);
  if (!props.isPod && selector === undefined) return <EmptyState title="Its pods cannot be told apart by labels" body="Open one of its pods to read its log." />;
  return <Logs {...props} selector={selector} />;
}

function Logs({ context, isPod, namespace, name, containers, selector }: LogsTabProps & { selector: string | undefined }): ReactNode {
  const [container, setContainer] = useState("");
  const [isPrevious, setPrevious] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const [isWrapped, setWrapped] = useState(false);
  const [hasTime, setTime] = useState(false);
  const [search, setSearch] = useState("");
  const [colours, setColours] = useState(NO_COLOURS);
  const wish: KubeLogStart = { context, namespace, pods: isPod ? [name] : [], selector: selector ?? null, container: container === "" ? null : container, tail: TAIL, sinceSeconds: null, isPrevious, isFollowing: !isPrevious };
  const stream = useStream(wish, search);
  const pods = useMemo(() => [...new Set(stream.lines.map(({ pod }) => pod))], [stream.lines]);
  const known = coloursOf(colours, pods);
  if (known !== colours) setColours(known);
  return (
    <div className={styles.fill}>
      <div className={styles.toolbar}>
        <div className={styles.search}>
          <Field label="Search the log" isLabelHidden>
            <TextInput value={search} placeholder="Only lines with…" onChange={(event) => setSearch(event.target.value)} onKeyDown={(event) => event.key === "Escape" && setSearch("")} />
          </Field>
        </div>
        {containers.length > 1 && (
          <div className={styles.picker}>
            <Field label="Container" isLabelHidden>
              <Select value={container} onChange={(event) => setContainer(event.currentTarget.value)} options={[{ value: "", label: "All containers" }, ...containers.map((one) => ({ value: one, label: one }))]} />
            </Field>
          </div>
        )}
        <span className={styles.faint} aria-live="polite">
          {plural(stream.lines.length, "line")}
          {pods.length > 1 && `, ${plural(pods.length, "pod")}`}
          {stream.dropped > 0 && ", older ones let go"}
        </span>
        <span className={styles.space} />
        {isPod && <IconButton label={isPrevious ? "Show the running container" : "Show the container before the last restart"} icon={History} size="small" isPressed={isPrevious} onClick={() => setPrevious(!isPrevious)} />}
        <IconButton label={hasTime ? "Hide times" : "Show times"} icon={Clock} size="small" isPressed={hasTime} onClick={() => setTime(!hasTime)} />
        <IconButton label={isWrapped ? "Do not wrap lines" : "Wrap lines"} icon={WrapText} size="small" isPressed={isWrapped} onClick={() => setWrapped(!isWrapped)} />
        <IconButton label={isFollowing ? "Stop following the end" : "Follow the end"} icon={ArrowDownToLine} size="small" isPressed={isFollowing} onClick={() => setFollowing(!isFollowing)} />
      </div>
      {stream.error !== null && <ErrorState error={stream.error} compact />}
      {stream.problem !== null && (
        <div className={styles.padded}>
          <Note tone={stream.state === "failed" ? "danger" : "warning"}>{stream.problem}</Note>
        </div>
      )}
      {stream.lines.length === 0 && stream.error === null ? (
        <EmptyState title={stream.state === "starting" ? "Reading the log" : search.trim() === "" ? "Nothing written yet" : `No line has “${search.trim()}”`} body={stream.state === "live" ? "New lines appear by themselves." : undefined} />
      ) : (
        <LogLines label={`Log of ${name}`} lines={stream.lines} colours={colours} search={search} isWrapped={isWrapped} hasTime={hasTime} isFollowing={isFollowing} onFollow={setFollowing} />
      )}
    </div>
  );
}
