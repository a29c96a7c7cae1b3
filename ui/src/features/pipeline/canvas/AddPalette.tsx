import { Command } from "cmdk";
import { useMemo, type ReactNode } from "react";
import { CommandList } from "#ui/components";
import { useQueryCommand, type BoardNodeView } from "#ui/ipc";
import styles from "./canvas.module.css";
import { choicesOf, rank, type AddLevel, type Choice } from "./choices";
import { NodeIcon } from "./icons";

const GROUPS: readonly Choice["group"][] = ["Structure", "Scripts and sources", "Tasks"];

function Picture({ choice }: { choice: Choice }): ReactNode {
  const kind: BoardNodeView["kind"] = choice.what === "if" || choice.what === "each" ? "directive" : choice.what;
  return <NodeIcon node={{ kind, name: choice.what, detail: choice.detail, keyword: choice.keyword }} size={18} />;
}

export interface AddPaletteProps {
  /** What may be added; null keeps the list closed. */
  levels: readonly AddLevel[] | null;
  /** Where it goes, in words. */
  where: string;
  onPick: (choice: Choice) => void;
  onClose: () => void;
}

/** The searchable list of what can be added: structure, scripts and tasks. */
export function AddPalette({ levels, where, onPick, onClose }: AddPaletteProps): ReactNode {
  const isOpen = levels !== null;
  const tasks = useQueryCommand("task_list", {}, { enabled: isOpen });
  const choices = useMemo(() => {
    const isFree = (choice: Choice): boolean => choice.what === "if" || choice.what === "each" || choice.what === "template";
    return choicesOf(tasks.data ?? []).filter((choice) => levels?.includes(choice.level) === true || (isFree(choice) && levels !== null && levels.length > 0));
  }, [tasks.data, levels]);
  return (
    <CommandList isOpen={isOpen} onClose={onClose} title="Add to the pipeline" placeholder="A stage, a job, a script, a task…" empty="Nothing by that name. A task of your own is added under “Tasks and their folders”." lead={where} rank={rank}>
      {GROUPS.map((group) => {
        const rows = choices.filter((choice) => choice.group === group);
        if (rows.length === 0) return null;
        return (
          <Command.Group key={group} heading={group}>
            {rows.map((choice) => (
              <Command.Item key={choice.key} value={`${choice.title} ${choice.key}`} keywords={[choice.help]} onSelect={() => onPick(choice)}>
                <Picture choice={choice} />
                <div className={styles.choice}>
                  {choice.title}
                  <small>{choice.group === "Tasks" ? `${choice.key}: ${choice.help}` : choice.help}</small>
                </div>
              </Command.Item>
            ))}
          </Command.Group>
        );
      })}
    </CommandList>
  );
}
