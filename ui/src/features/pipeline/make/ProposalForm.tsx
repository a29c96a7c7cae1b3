import type { ReactNode } from "react";
import { Checkbox, Field, Fieldset, TextInput } from "#ui/components";
import type { ProposalChoices, ProposalOptions } from "#ui/ipc";
import styles from "./make.module.css";

type TextKey = "branch" | "imageName" | "registry" | "environment";

export interface ProposalFormProps {
  choices: ProposalChoices;
  wish: ProposalOptions;
  onWish: (wish: ProposalOptions) => void;
}

/** What can be chosen about a proposal; what is left as it is follows what was found. */
export function ProposalForm({ choices, wish, onWish }: ProposalFormProps): ReactNode {
  const text = (key: TextKey, label: string, help: string): ReactNode => (
    <Field label={label} help={help}>
      <TextInput isMono value={wish[key] ?? choices[key]} onChange={(event) => onWish({ ...wish, [key]: event.target.value })} />
    </Field>
  );
  const hasOptions = choices.hasTests || choices.canImage;
  return (
    <form className={styles.form} onSubmit={(event) => event.preventDefault()}>
      {hasOptions && (
        <Fieldset legend="The pipeline shall">
          {choices.hasTests && <Checkbox label="run the tests" isChecked={wish.tests ?? choices.tests} onChange={(tests) => onWish({ ...wish, tests })} />}
          {choices.canImage && <Checkbox label="build and push an image" isChecked={wish.image ?? choices.image} onChange={(image) => onWish({ ...wish, image })} />}
          {choices.canDeploy && <Checkbox label="deploy it" isChecked={wish.deploy ?? choices.deploy} onChange={(deploy) => onWish({ ...wish, deploy })} />}
        </Fieldset>
      )}
      {text("branch", "Branch", "A push to it starts the pipeline.")}
      {choices.image && text("imageName", "Image", "The image's name in the registry.")}
      {choices.image && choices.port !== null && (
        <Field label="Port" help="The program listens on it inside of its container.">
          <TextInput
            isMono
            inputMode="numeric"
            value={String(wish.port ?? choices.port)}
            onChange={(event) => {
              const port = Number(event.target.value);
              if (Number.isInteger(port) && port >= 0 && port <= 65_535) onWish({ ...wish, port: port === 0 ? null : port });
            }}
          />
        </Field>
      )}
      {choices.image && text("registry", "Registry", "The service connection; local is Slipway's own.")}
      {choices.deploy && text("environment", "Environment", "Where it is deployed; local is this machine.")}
    </form>
  );
}
