// A pipeline proposed for a small Go service, for the fake host.
import type { ProposalOptions, ProposalView } from "../generated/contract";

const pipeline = (branch: string, image: string, environment: string, has: { tests: boolean; image: boolean; deploy: boolean }): string =>
  [
    `# tidewater: build${has.tests ? ", test" : ""}${has.image ? ", push the image" : ""}${has.deploy ? ", deploy it" : ""}.`,
    "trigger:",
    `- ${branch}`,
    "",
    "pool:",
    "  vmImage: ubuntu-latest",
    "",
    ...(has.image ? ["variables:", "  # The service connection of the registry.", "  containerRegistry: local", `  imageRepository: ${image}`, ""] : []),
    "stages:",
    "- stage: Build",
    "  displayName: Build and test",
    "  jobs:",
    "  - job: tidewater",
    "    steps:",
    "    - script: go build ./...",
    "      displayName: Build",
    ...(has.tests ? ["", "    - script: go run gotest.tools/gotestsum@v1.13.0 --junitfile results/TEST-go.xml ./...", "      displayName: Run the unit tests"] : []),
    ...(has.image ? ["", "    - task: Docker@2", "      displayName: Build and push the image", "      inputs:", "        command: buildAndPush", "        containerRegistry: $(containerRegistry)", "        repository: $(imageRepository)", "        Dockerfile: Dockerfile"] : []),
    ...(has.deploy ? ["", "- stage: Deploy", "  displayName: Deploy", "  dependsOn: Build", "  jobs:", "  - deployment: Deploy", `    environment: ${environment}`] : []),
    "",
  ].join("\n");

const DOCKERFILE = 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -trimpath -o /out/app .\n\nFROM scratch\nCOPY --from=build /out/app /app\nUSER 65534:65534\nEXPOSE 8080\nENTRYPOINT ["/app"]\n';

/** The proposal for what was wished. */
export function proposal(wish: ProposalOptions): ProposalView {
  const image = wish.image ?? true;
  const has = { tests: wish.tests ?? true, image, deploy: image && (wish.deploy ?? true) };
  const [branch, imageName, environment] = [wish.branch ?? "main", wish.imageName ?? "tidewater", wish.environment ?? "local"];
  return {
    detected: [
      { what: "Go 1.23", file: "go.mod" },
      { what: "Has Go tests", file: "tides_test.go" },
      { what: "Has a program", file: "main.go" },
      { what: "Listens on port 8080", file: "main.go" },
      { what: "Answers /healthz when it is ready", file: "main.go" },
    ],
    files: [
      {
        path: "azure-pipelines.yml",
        text: pipeline(branch, imageName, environment, has),
        why: [`Starts on every push to ${branch}, the repository's own branch. Slipway runs ubuntu-latest on this machine.`, "Go itself fetches a newer version where go.mod asks for one, so no step puts Go on PATH."],
        isNew: true,
      },
      ...(has.image
        ? [
            { path: "Dockerfile", text: DOCKERFILE, why: ["Built with Go 1.23, the version go.mod names, whatever is installed where the image is built.", "The program does not run as root, so a hole in it is not one in the machine."], isNew: true },
            { path: ".dockerignore", text: ".git\nmanifests\n", why: ["What the image does not need is not sent to the engine."], isNew: false },
          ]
        : []),
      ...(has.deploy
        ? [
            { path: "manifests/deployment.yml", text: `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${imageName}\n`, why: ["The readiness probe asks /healthz: no caller meets a version that has not started."], isNew: true },
            { path: "manifests/service.yml", text: `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${imageName}\n`, why: ["The Service gives the pods one address inside of the cluster."], isNew: true },
          ]
        : []),
    ],
    options: { ...has, branch, port: wish.port ?? 8080, imageName, environment, registry: wish.registry ?? "local", hasTests: true, canImage: true, canDeploy: image },
    empty: `trigger:\n- ${branch}\n`,
  };
}
