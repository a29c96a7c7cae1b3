// The journeys of the pipeline's canvas, told once for whichever hand makes them: Playwright's in Chromium, WebDriver's in
// the real window. A hand clicks, presses, types and drags by XPath; what it does is what a person can do.
import { readFileSync } from "node:fs";
import path from "node:path";

const quoted = (text) => (text.includes("'") ? `"${text}"` : `'${text}'`);
const BESIDE = "//*[@data-side='properties']";

/** A node whose name for readers begins so. */
export const node = (name) => `//*[@role='treeitem'][starts-with(normalize-space(), ${quoted(name)})]`;
const selected = (name) => `//*[@role='treeitem'][@aria-selected='true'][starts-with(normalize-space(), ${quoted(name)})]`;
const button = (name) => `//button[normalize-space()=${quoted(name)} or @aria-label=${quoted(name)}]`;
const field = (label) => `//*[@id = ${BESIDE}//label[normalize-space()=${quoted(label)}]/@for]`;
const section = (title) => `${BESIDE}//summary[text()[normalize-space()=${quoted(title)}]]`;
const choice = (label) => `${BESIDE}//label[normalize-space()=${quoted(label)}]`;

/** What a hand of the canvas does in words of the canvas. */
export function canvasOf(hand) {
  return {
    /** Adds something by the list of what can be added; `name` is what it is selected as. */
    add: async (what, name) => {
      await hand.click(button("Add"));
      await hand.put("//*[@role='dialog']//input", what);
      await hand.find(`//*[@role='option'][@aria-selected='true'][starts-with(normalize-space(), ${quoted(what)})]`);
      await hand.press("Enter");
      await hand.find(selected(name));
    },
    select: async (name) => {
      await hand.clickAt(node(name), 70, 12);
      await hand.find(selected(name));
    },
    open: async (title) => {
      await hand.find(section(title));
      const closed = `${section(title)}/ancestor::details[not(@open)]`;
      if (await hand.has(closed)) await hand.click(section(title));
      await hand.find(`${section(title)}/ancestor::details[@open]`);
    },
    /** Fills a field of the properties, and leaves it. */
    fill: async (label, text) => {
      await hand.fill(field(label), text);
      await hand.gone(`${field(label)}[@aria-busy='true']`);
    },
    choose: (label) => hand.choose(choice(label)),
    /** Renames the node that has the focus. */
    rename: async (to) => {
      await hand.press("F2");
      await hand.put("//*[@role='dialog']//input", to);
      await hand.press("Enter");
      await hand.gone("//*[@role='dialog']");
    },
    save: async () => {
      await hand.click(button("Save"));
      await hand.gone("//*[normalize-space()='Unsaved']");
    },
    commit: async () => {
      await hand.click(button("More ways to save"));
      await hand.click("//*[@role='menuitem'][starts-with(normalize-space(), 'Save and commit')]");
      await hand.find("//*[@role='dialog']//section[@aria-label='What would be committed']");
      await hand.click("//*[@role='dialog']//button[normalize-space()='Save and commit']");
      await hand.gone("//*[@role='dialog']");
    },
  };
}
export const parts = { button, field, section, choice, selected, BESIDE };

/** The pipeline file of a repository as it is on disk. */
export const pipelineOf = (repository) => readFileSync(path.join(repository, "azure-pipelines.yml"), "utf8");

const PANE = "//section[@aria-label='Canvas']//*[contains(@class, 'react-flow__pane')]";

/** Adds a variable or an environment variable in the open section of that name. */
async function addRow(hand, title, name, value) {
  const within = `${section(title)}/ancestor::details`;
  await hand.click(`${within}//button[normalize-space()='Add variable']`);
  await hand.put(`${within}//input[@aria-label='Name of the variable to add']`, name);
  await hand.put(`${within}//input[@aria-label='Value of the variable to add']`, value);
  await hand.press("Enter");
  await hand.find(`${within}//button[normalize-space()='Add variable']`);
}

/** What `buildSample` writes, byte for byte. */
export const BUILT = `trigger:
- main
variables:
  imageRepository: tideline
stages:
- stage: Build
  displayName: Build and test
  jobs:
  - job: Service
    steps:
    - script: |
        set -e
        go vet ./...
        go build -trimpath -o dist/tideline .
      displayName: Build the service
      env:
        CGO_ENABLED: 0
    - bash: |
        mkdir -p results
        go build -o results/junit ./tools/junit
        go test -json . | results/junit > results/TEST-tideline.xml
      displayName: Run the unit tests
    - task: PublishTestResults@2
      displayName: Publish test results
      inputs:
        testResultsFiles: results/TEST-*.xml
    - task: Docker@2
      displayName: Build and push the image
      inputs:
        containerRegistry: local
        repository: $(imageRepository)
        tags: |
          $(Build.BuildId)
          latest
    - publish: manifests
      artifact: manifests
- stage: Deploy
  jobs:
  - deployment: Local
    environment: local
    strategy:
      runOnce:
        deploy:
          steps:
          - bash: sed -i -e 's|@greeting@|$(greeting)|' -e 's|@trafficPerMinute@|$(trafficPerMinute)|' "$(Pipeline.Workspace)/manifests/configmap.yml"
            displayName: Fill in the environment's parameters
          - task: KubernetesManifest@1
            displayName: Deploy the manifests
            inputs:
              manifests: $(Pipeline.Workspace)/manifests/*.yml
              containers: $(imageRepository):$(Build.BuildId)
`;

/** The sample's pipeline, from an empty file, by gestures alone. */
export async function buildSample(hand) {
  const canvas = canvasOf(hand);
  await canvas.add("Stage", "Stage Stage");
  await canvas.fill("Name", "Build");
  await canvas.fill("Display name", "Build and test");
  await canvas.add("Job", "Job Job");
  await canvas.fill("Name", "Service");

  await canvas.add("Script", "Step echo");
  await canvas.fill("Script", "set -e\ngo vet ./...\ngo build -trimpath -o dist/tideline .\n");
  await canvas.fill("Display name", "Build the service");
  await canvas.open("Environment variables");
  await addRow(hand, "Environment variables", "CGO_ENABLED", "0");

  await canvas.add("Bash", "Step echo");
  await canvas.fill("Script", "mkdir -p results\ngo build -o results/junit ./tools/junit\ngo test -json . | results/junit > results/TEST-tideline.xml\n");
  await canvas.fill("Display name", "Run the unit tests");

  await canvas.add("PublishTestResults", "Step PublishTestResults");
  await canvas.fill("Display name", "Publish test results");
  await canvas.fill("Test results files", "results/TEST-*.xml");

  await canvas.add("Docker", "Step Docker");
  await canvas.fill("Display name", "Build and push the image");
  await canvas.fill("Container registry", "local");
  await canvas.fill("Repository", "$(imageRepository)");
  await canvas.fill("Tags", "$(Build.BuildId)\nlatest\n");

  await canvas.add("Publish an artifact", "Step $(Build");
  await canvas.fill("File or folder", "manifests");
  await canvas.fill("Artifact", "manifests");

  await canvas.add("Stage", "Stage Stage");
  await canvas.fill("Name", "Deploy");
  await canvas.add("Deployment job", "Deployment job Deploy");
  await canvas.fill("Name", "Local");
  await canvas.fill("Environment", "local");
  await canvas.add("Bash", "Step echo");
  await canvas.fill("Script", "sed -i -e 's|@greeting@|$(greeting)|' -e 's|@trafficPerMinute@|$(trafficPerMinute)|' \"$(Pipeline.Workspace)/manifests/configmap.yml\"");
  await canvas.fill("Display name", "Fill in the environment's parameters");
  await canvas.add("KubernetesManifest", "Step KubernetesManifest");
  await canvas.fill("Display name", "Deploy the manifests");
  await canvas.fill("Manifests", "$(Pipeline.Workspace)/manifests/*.yml");
  await canvas.fill("Containers", "$(imageRepository):$(Build.BuildId)");

  await hand.leave(PANE);
  await hand.find(section("Pushes"));
  await canvas.choose("Some");
  // The form grows by what is written now.
  await hand.find(button("Remove main from Branches that count"));
  await canvas.open("Variables");
  await addRow(hand, "Variables", "imageRepository", "tideline");
  await canvas.save();
}

/** A pipeline with comments at every place where one may be lost. */
export const COMMENTED = `# Builds the boat, then lets it go.
trigger: none # by hand

stages:
- stage: Build # the yard
  jobs:
  # One job is enough.
  - job: Hull
    steps:
    - script: echo keel # first of all
      displayName: Lay the keel

    # Planks come after the keel.
    - script: echo planks
      displayName: Nail the planks
    - script: echo tar
      displayName: Tar it

- stage: Launch
  dependsOn: Build # never before
  condition: and(succeeded('Build'), eq(dependencies.Build.outputs['Hull.tar.state'], 'dry'))
  jobs:
  - job: Slip
    pool:
      vmImage: ubuntu-latest # any will do
    steps:
    # Grease helps.
    - script: echo away # and gone
      displayName: Let it go
`;

/** What `reorderAndRename` makes of it: one block of lines moved, three names changed. */
export const REORDERED = (() => {
  const tar = "    - script: echo tar\n      displayName: Tar it\n";
  const keel = "    - script: echo keel # first of all\n";
  // The first two steps stand apart in this file.
  const moved = COMMENTED.replace(tar, "").replace(keel, `${tar}\n${keel}`);
  return moved.replace("stage: Build #", "stage: Yard #").replace("dependsOn: Build #", "dependsOn: Yard #").replace("succeeded('Build')", "succeeded('Yard')").replace("dependencies.Build.", "dependencies.Yard.");
})();

/** Drags the last step of a job before its first, and renames the stage that another waits for. */
export async function reorderAndRename(hand) {
  const canvas = canvasOf(hand);
  await hand.drag(node("Step Tar it"), node("Step Lay the keel"));
  await hand.find(selected("Step Tar it"));
  await canvas.select("Stage Build");
  await canvas.rename("Yard");
  await hand.find(node("Stage Launch, after Yard"));
  await canvas.save();
}

/** What `makeDeployment` makes of it. */
export const CONVERTED = COMMENTED.replace(
  `  - job: Slip
    pool:
      vmImage: ubuntu-latest # any will do
    steps:
    # Grease helps.
    - script: echo away # and gone
      displayName: Let it go
`,
  `  - deployment: Slip
    pool:
      vmImage: ubuntu-latest # any will do
    environment: harbour
    strategy:
      runOnce:
        deploy:
          steps:
          # Grease helps.
          - script: echo away # and gone
            displayName: Let it go
`,
);

/** Converts a job to a deployment job. */
export async function makeDeployment(hand) {
  const canvas = canvasOf(hand);
  await canvas.select("Job Slip");
  await canvas.open("Make it a deployment");
  await hand.put(field("Environment to deploy to"), "harbour");
  await hand.click(button("Convert to a deployment"));
  await hand.find(node("Deployment job Slip"));
  await canvas.save();
}
