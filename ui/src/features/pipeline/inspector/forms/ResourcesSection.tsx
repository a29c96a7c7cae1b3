// What the pipeline uses besides its own files: repositories, containers, other pipelines. The rest is left to the text.
import { Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, IconButton } from "#ui/components";
import { useDesk } from "../desk";
import { Card } from "../fields/Card";
import { AlsoWritten, Elsewhere } from "../fields/Elsewhere";
import { KeyFields } from "../fields/KeyField";
import { Refusal } from "../fields/Refusal";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import { useSent } from "../fields/use-typed";
import { Within } from "../fields/Within";
import styles from "../inspector.module.css";
import type { KeySpec } from "../spec/spec";
import type { WrittenView } from "../wire";
import { find, isDirective, textOf, yamlOf } from "../written";

interface Kind {
  list: string;
  key: string;
  title: string;
  word: string;
  specs: KeySpec[];
  fresh: (name: string) => [string, string][];
}

const spec = (kind: KeySpec["kind"], name: string, label: string, help = "", more: Partial<KeySpec> = {}): KeySpec => ({ keys: [name], label, kind, help, ...more });

const KINDS: Kind[] = [
  {
    list: "repositories",
    key: "repository",
    title: "Repositories",
    word: "repository",
    specs: [
      spec("mono", "repository", "Alias", "template: file@alias, checkout: alias.", { isRequired: true }),
      spec("pick", "type", "Type", "git is Azure Repos.", { options: ["git", "github", "githubenterprise", "bitbucket"] }),
      spec("mono", "name", "Repository", "project/repository or owner/repository."),
      spec("suggest", "ref", "Branch or tag", "The default branch if left out.", { options: ["refs/heads/main"] }),
      spec("text", "endpoint", "Service connection", "When it is not Azure Repos."),
    ],
    fresh: (name) => [["repository", name], ["type", "git"], ["name", "Project/repository"]],
  },
  {
    list: "containers",
    key: "container",
    title: "Containers",
    word: "container",
    specs: [
      spec("mono", "container", "Alias", "container: alias.", { isRequired: true }),
      spec("mono", "image", "Image", "With its tag or digest."),
      spec("text", "endpoint", "Service connection", "Of its registry."),
      spec("mono", "options", "Options", "Of docker create."),
      spec("list", "ports", "Ports", "One a line, such as 8080:80."),
      spec("list", "volumes", "Volumes", "One a line, such as /data:/data."),
    ],
    fresh: (name) => [["container", name], ["image", "ubuntu:24.04"]],
  },
  {
    list: "pipelines",
    key: "pipeline",
    title: "Pipelines",
    word: "pipeline",
    specs: [
      spec("mono", "pipeline", "Alias", "download: alias.", { isRequired: true }),
      spec("text", "source", "Pipeline", "Its name."),
      spec("text", "project", "Project", "This one if left out."),
      spec("mono", "branch", "Branch", "Of the run that is used."),
      spec("mono", "version", "Run number", "The newest if left out."),
    ],
    fresh: (name) => [["pipeline", name], ["source", "name-of-the-pipeline"]],
  },
];

function Resource({ kind, item, isOpen }: { kind: Kind; item: WrittenView; isOpen: boolean }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const alias = textOf(item, kind.key);
  return (
    <Card
      label={`${kind.word} ${alias}`}
      title={alias}
      note={textOf(item, "image") || textOf(item, "name") || textOf(item, "source") || undefined}
      isOpen={isOpen}
      problem={sent.problem}
      actions={<IconButton size="small" icon={Trash2} label={`Remove the ${kind.word} ${alias}`} onClick={() => sent.run(desk.send({ gesture: "edit", edit: { edit: "remove", path: item.path } }))} />}
    >
      <Within item={item}>
        <KeyFields specs={kind.specs} />
        <AlsoWritten entries={restOf(item, new Set(kind.specs.map(({ keys }) => keys[0] ?? "")))} />
      </Within>
    </Card>
  );
}

export function ResourcesSection(): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const resources = find(desk.written, "resources");
  const isOdd = resources !== undefined && resources.form !== "map" && resources.form !== "nothing";
  // Whoever adds one wants to fill it in.
  const [opened, setOpened] = useState<string>();
  const add = (kind: Kind): void => {
    const list = find(resources, kind.list);
    const taken = (list?.entries ?? []).map(({ value }) => textOf(value, kind.key));
    let number = 1;
    while (taken.includes(`${kind.word}${number}`)) number += 1;
    setOpened(`${kind.list} ${taken.length}`);
    const fresh = kind.fresh(`${kind.word}${number}`);
    if (list?.form === "list" && list.entries.length > 0) sent.run(desk.send({ gesture: "edit", edit: { edit: "insertItem", path: list.path, value: yamlOf(fresh) } }));
    else if (resources?.form === "map") sent.run(desk.send({ gesture: "set", node: "", keys: ["resources", kind.list], value: yamlOf(fresh, "list") }));
    else sent.run(desk.send({ gesture: "set", node: "", keys: ["resources"], value: yamlOf(fresh, { below: kind.list }) }));
  };
  return (
    <Section title="Resources" isOpen={resources !== undefined} note={resources === undefined ? undefined : String(resources.entries.reduce((sum, { value }) => sum + value.entries.length, 0))}>
      {isOdd ? (
        <Elsewhere label="resources" written={resources} />
      ) : (
        <>
          {KINDS.map((kind) => {
            const list = find(resources, kind.list);
            const items = list?.form === "list" ? list.entries.map(({ value }) => value) : [];
            if (items.length === 0) return null;
            return (
              <div key={kind.list} className={styles.list}>
                <h3 className={styles.label}>{kind.title}</h3>
                <ul className={styles.list}>
                  {items.map((item, at) => (item.form !== "map" || isDirective(item.entries[0]?.key ?? null) ? <li key={item.path}><Elsewhere label={item.entries[0]?.key ?? "item"} written={item} /></li> : <Resource key={item.path} kind={kind} item={item} isOpen={opened === `${kind.list} ${at}`} />))}
                </ul>
              </div>
            );
          })}
          <AlsoWritten entries={resources === undefined ? [] : restOf(resources, new Set(KINDS.map(({ list }) => list)))} />
          <Refusal why={sent.problem} />
          <div className={styles.buttons}>
            {KINDS.map((kind) => (
              <Button key={kind.list} size="small" icon={Plus} onClick={() => add(kind)}>
                Add {kind.word}
              </Button>
            ))}
          </div>
        </>
      )}
    </Section>
  );
}
