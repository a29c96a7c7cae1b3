// The golden thread: from any object to everything that hangs together with it. What was found is drawn as a braid in
// the loop's order; every node leads to its room, or becomes the middle of a new thread.
import { Check, Copy, Search } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useQueryCommand, type ProjectId, type ThreadView } from "#ui/ipc";
import { Answer, Button, Field, href, openHref, PageHeader, plural, Screen, Skeleton, TextInput } from "#ui/components";
import { ThreadBraid } from "./ThreadBraid";
import { ThreadStart } from "./ThreadStart";
import { threadText } from "./braid";
import styles from "./thread.module.css";

export interface ThreadScreenProps {
  projectId: ProjectId;
  /** What to follow; empty shows the search. */
  objectKey: string;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function ThreadScreen({ projectId, objectKey }: ThreadScreenProps): ReactNode {
  const key = objectKey.trim();
  const thread = useQueryCommand("thread_get", { projectId, key }, { enabled: key !== "" });
  return (
    <Screen>
      <PageHeader
        title="Thread"
        subtitle={thread.data === undefined || key === "" ? "From any commit, digest, run, pod or work item to everything that hangs on it" : `${plural(thread.data.nodes.length, "object")} hang together, ${plural(thread.data.edges.length, "link")}`}
        actions={key !== "" && thread.data !== undefined && <CopyThread view={thread.data} />}
      />
      <ThreadSearch key={key} initial={key} />
      {key === "" ? (
        <ThreadStart projectId={projectId} />
      ) : (
        <Answer of={thread} loading={<Loading />}>
          {(data) => <ThreadBraid view={data} />}
        </Answer>
      )}
    </Screen>
  );
}

function ThreadSearch({ initial }: { initial: string }): ReactNode {
  const [text, setText] = useState(initial);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    openHref(href.thread(text.trim()));
  };
  return (
    <search>
      <form className={styles.search} onSubmit={submit}>
      <Field label="Follow" help="A commit or its beginning, a digest, a run's number, a deployment, AB#12, a pod or an exception's problem id.">
        <TextInput isMono type="search" value={text} placeholder="sha256:… or 20261122.7 or AB#12" onChange={(event) => setText(event.currentTarget.value)} />
      </Field>
      <Button type="submit" variant="primary" icon={Search}>
        Follow
      </Button>
    </form>
    </search>
  );
}

function CopyThread({ view }: { view: ThreadView }): ReactNode {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Button icon={isCopied ? Check : Copy} onBlur={() => setIsCopied(false)} onClick={() => void navigator.clipboard.writeText(threadText(view)).then(() => setIsCopied(true))}>
      {isCopied ? "Copied" : "Copy thread"}
    </Button>
  );
}

function Loading(): ReactNode {
  return (
    <div className={styles.loading}>
      <Skeleton height={96} />
      <Skeleton height={96} />
      <Skeleton height={96} />
    </div>
  );
}
