import { Pencil, RotateCcw } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Checkbox, CodeBlock, Field, Note, Tabs, TextArea } from "#ui/components";
import type { ProposedFileView } from "#ui/ipc";
import styles from "./make.module.css";

export interface ProposedFilesProps {
  files: readonly ProposedFileView[];
  /** Texts that were changed by hand, by path. */
  edited: Readonly<Record<string, string>>;
  leftOut: ReadonlySet<string>;
  onEdit: (path: string, text: string) => void;
  onChoose: (path: string, isChosen: boolean) => void;
}

const languageOf = (path: string): "yaml" | "text" => (/\.ya?ml$/.test(path) ? "yaml" : "text");

/** The last part of a path where no other file has the same. */
function nameOf(path: string, files: readonly ProposedFileView[]): string {
  const last = (of: string): string => of.slice(of.lastIndexOf("/") + 1);
  return files.filter((file) => last(file.path) === last(path)).length === 1 ? last(path) : path;
}

/** A sentence whose words between backticks are code. */
function Words({ text }: { text: string }): ReactNode {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

function File({ file, text, isChosen, onEdit, onChoose }: { file: ProposedFileView; text: string; isChosen: boolean; onEdit: (text: string) => void; onChoose: (isChosen: boolean) => void }): ReactNode {
  const [isEditing, setEditing] = useState(false);
  return (
    <div className={styles.file}>
      {file.isNew ? (
        <div className={styles.fileHead}>
          <Checkbox label={`Create ${file.path}`} isChecked={isChosen} onChange={onChoose} />
          <span className={styles.fileActions}>
            {text !== file.text && (
              <Button size="small" variant="ghost" icon={RotateCcw} onClick={() => onEdit(file.text)}>
                As proposed
              </Button>
            )}
            <Button size="small" icon={Pencil} aria-pressed={isEditing} onClick={() => setEditing(!isEditing)}>
              {isEditing ? "Done" : "Edit"}
            </Button>
          </span>
        </div>
      ) : (
        <div className={styles.there}>
          <Note tone="neutral">{file.path} is there already and stays as it is. This is what would have been proposed.</Note>
        </div>
      )}
      <ul className={styles.why} aria-label={`Why ${file.path} is like this`}>
        {file.why.map((sentence) => (
          <li key={sentence}>
            <Words text={sentence} />
          </li>
        ))}
      </ul>
      {isEditing && file.isNew ? (
        <Field label={`Text of ${file.path}`} isLabelHidden>
          <TextArea isMono className={styles.text} rows={Math.max(8, text.split("\n").length + 1)} value={text} onChange={(event) => onEdit(event.target.value)} />
        </Field>
      ) : (
        <CodeBlock label={`Text of ${file.path}`} text={text} language={languageOf(file.path)} lineNumbers />
      )}
    </div>
  );
}

/** A tab for each proposed file: why it is like it is, and its text, to read or to change. */
export function ProposedFiles({ files, edited, leftOut, onEdit, onChoose }: ProposedFilesProps): ReactNode {
  const [chosen, setChosen] = useState<string>();
  const current = files.find((file) => file.path === chosen) ?? files[0];
  const mark = (file: ProposedFileView): string | undefined => {
    if (!file.isNew) return "there";
    if (leftOut.has(file.path)) return "left out";
    return edited[file.path] !== undefined && edited[file.path] !== file.text ? "edited" : undefined;
  };
  return (
    <Tabs
      label="Proposed files"
      value={current?.path ?? ""}
      onChange={setChosen}
      items={files.map((file) => ({
        value: file.path,
        label: nameOf(file.path, files),
        count: mark(file),
        content: <File file={file} text={edited[file.path] ?? file.text} isChosen={!leftOut.has(file.path)} onEdit={(text) => onEdit(file.path, text)} onChoose={(isChosen) => onChoose(file.path, isChosen)} />,
      }))}
    />
  );
}
