import { Command } from "cmdk";
import { GitCommitHorizontal, Package, Play, Puzzle, Spline, SquareKanban } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { CommandList, href, openHref, shortDigest } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import { useStart } from "#ui/start/use-start";
import { useProjects } from "./project";
import { ROOMS } from "./rooms";

function Objects({ projectId, open }: { projectId: string; open: (address: string) => void }): ReactNode {
  const runs = useQueryCommand("run_list", { projectId, limit: 20 });
  const items = useQueryCommand("work_item_list", { projectId });
  const images = useQueryCommand("image_list", { projectId });
  const commits = useQueryCommand("commit_list", { projectId, limit: 20 });
  return (
    <>
      <Command.Group heading="Runs">
        {(runs.data ?? []).map((run) => (
          <Command.Item key={run.id} value={`run ${run.number} ${run.commitSummary}`} onSelect={() => open(href.run(run.id))}>
            <Play size={16} /> {run.number} <span>{run.commitSummary}</span>
          </Command.Item>
        ))}
      </Command.Group>
      <Command.Group heading="Work items">
        {(items.data ?? []).map((item) => (
          <Command.Item key={item.id} value={`AB#${item.id} ${item.title}`} onSelect={() => open(href.workItem(item.id))}>
            <SquareKanban size={16} /> AB#{item.id} <span>{item.title}</span>
          </Command.Item>
        ))}
      </Command.Group>
      <Command.Group heading="Commits">
        {(commits.data ?? []).map((commit) => (
          <Command.Item key={commit.sha} value={`commit ${commit.sha} ${commit.summary}`} onSelect={() => open(href.thread(commit.sha))}>
            <GitCommitHorizontal size={16} /> {commit.shortSha} <span>{commit.summary}</span>
          </Command.Item>
        ))}
      </Command.Group>
      <Command.Group heading="Images">
        {(images.data ?? []).map((image) => (
          <Command.Item key={image.digest} value={`image ${image.digest} ${image.tags.join(" ")}`} onSelect={() => open(href.image(image.digest))}>
            <Package size={16} /> {shortDigest(image.digest)} <span>{image.repository}</span>
          </Command.Item>
        ))}
      </Command.Group>
    </>
  );
}

/** Ctrl+K: rooms, objects and commands in one list; anything else is looked for on the thread. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  const [text, setText] = useState("");
  const { project } = useProjects();
  const { start, question } = useStart(project?.id, (started) => {
    toast(`Run ${started.number} started`);
    openHref(href.run(started.runId));
  });
  const close = (): void => {
    setText("");
    onClose();
  };
  const open = (address: string): void => {
    close();
    openHref(address);
  };
  const run = (): void => {
    close();
    start();
  };
  return (
    <>
    {question}
    <CommandList isOpen={isOpen} onClose={close} title="Search and commands" placeholder="Go to a room, a run, AB#42, a commit, a digest…" empty="Nothing by that name here." text={text} onText={setText}>
      {text.trim() !== "" && (
        <Command.Group heading="Thread">
          <Command.Item forceMount value={`thread ${text}`} onSelect={() => open(href.thread(text.trim()))}>
            <Spline size={16} /> Follow “{text.trim()}” on the thread
          </Command.Item>
        </Command.Group>
      )}
      <Command.Group heading="Rooms">
        {ROOMS.map((room) => {
          const Icon = room.icon;
          return (
            <Command.Item key={room.path} value={`go to ${room.name}`} onSelect={() => open(room.href)}>
              <Icon size={16} /> {room.name}
            </Command.Item>
          );
        })}
      </Command.Group>
      {project !== undefined && (
        <>
          <Command.Group heading="Commands">
            <Command.Item value="run the newest commit" onSelect={run}>
              <Play size={16} /> Run the newest commit
            </Command.Item>
            <Command.Item value="tasks and folders of tasks" onSelect={() => open(href.tasks())}>
              <Puzzle size={16} /> Tasks and folders of tasks
            </Command.Item>
          </Command.Group>
          <Objects projectId={project.id} open={open} />
        </>
      )}
    </CommandList>
    </>
  );
}
