// “Would this branch start it?”, asked of the language with the text as it is.
import { CircleCheck, CircleSlash } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { Button, Field, Segmented, TextArea, TextInput } from "#ui/components";
import { call, type TriggerEventWord, type TriggerView } from "#ui/ipc";
import { useDesk } from "../desk";
import { linesOf } from "../fields/ListField";
import { Section } from "../fields/Section";
import styles from "../inspector.module.css";
import { refusalOf } from "../wire";

interface Question {
  branch: string;
  event: TriggerEventWord;
  paths: string[];
}

export function WouldStart(): ReactNode {
  const { projectId, text, board } = useDesk();
  const [branch, setBranch] = useState("main");
  const [event, setEvent] = useState<TriggerEventWord>("push");
  const [paths, setPaths] = useState("");
  const [question, setQuestion] = useState<Question>();
  const [answer, setAnswer] = useState<{ of: Question; found: TriggerView | string }>();
  const ask = useRef(text);
  useEffect(() => {
    ask.current = text;
  });
  // Asked once, it is asked again of every further text.
  useEffect(() => {
    if (question === undefined) return undefined;
    let isLate = false;
    call("pipeline_trigger", { projectId, text: ask.current(), ...question }).then(
      (found) => !isLate && setAnswer({ of: question, found }),
      (thrown: unknown) => !isLate && setAnswer({ of: question, found: refusalOf(thrown) }),
    );
    return () => {
      isLate = true;
    };
  }, [projectId, question, board]);
  const submit = (sent: FormEvent): void => {
    sent.preventDefault();
    if (branch.trim() === "") return;
    setQuestion({ branch: branch.trim(), event, paths: linesOf(paths) });
  };
  const found = answer !== undefined && answer.of === question ? answer.found : undefined;
  return (
    <Section title="Would this branch start it?">
      <form className={styles.fieldsBare} onSubmit={submit} aria-label="Would this branch start it?">
        <Segmented
          label="What happens"
          options={[
            { value: "push", label: "Push" },
            { value: "pullRequest", label: "Pull request" },
          ]}
          value={event}
          onChange={setEvent}
        />
        <Field label={event === "push" ? "Branch, or refs/tags/…" : "Target branch"} error={branch.trim() === "" ? "A branch is needed." : undefined}>
          <TextInput isMono value={branch} onChange={(change) => setBranch(change.currentTarget.value)} />
        </Field>
        <Field label="Changed files" help="One a line. A trigger with paths starts nothing without them.">
          <TextArea isMono rows={2} value={paths} placeholder="src/app.ts" onChange={(change) => setPaths(change.currentTarget.value)} />
        </Field>
        <div>
          <Button type="submit" size="small">
            Ask
          </Button>
        </div>
        <output>
          {typeof found === "string" && <p className={styles.problem}>{found}</p>}
          {found !== undefined && typeof found !== "string" && (
            <p className={styles.mark}>
              {found.starts ? <CircleCheck size={16} className={styles.yes} aria-hidden /> : <CircleSlash size={16} className={styles.no} aria-hidden />}
              <span>
                <strong className={found.starts ? styles.yes : styles.no}>{found.starts ? "Yes." : "No."}</strong> {found.reason}
              </span>
            </p>
          )}
        </output>
      </form>
    </Section>
  );
}
