// The shapes of the generated file as a JSON schema, for the language service that takes one. The vendor's own schema is
// 1.6 MB with every task of the service; this one is small, so what is measured is the least the service can cost.
const text = { type: ["string", "number", "boolean"] };
const texts = { anyOf: [text, { type: "array", items: text }] };
const map = { type: "object", additionalProperties: text };
const ref = (name) => ({ $ref: `#/definitions/${name}` });
const common = { name: text, displayName: text, condition: text, continueOnError: text, enabled: text, env: map, timeoutInMinutes: text, retryCountOnTaskFailure: text, target: text };
const step = (kind, own) => ({ type: "object", required: [kind], firstProperty: [kind], additionalProperties: false, properties: { [kind]: text, ...own, ...common } });
const variables = { anyOf: [map, { type: "array", items: { type: "object", properties: { name: text, value: text, group: text, readonly: text, template: text } } }] };
const filter = { anyOf: [texts, { type: "object", properties: { include: texts, exclude: texts } }] };
const pool = { anyOf: [text, { type: "object", additionalProperties: false, properties: { name: text, vmImage: text, demands: texts } }] };
const body = { displayName: text, dependsOn: texts, condition: text, variables, pool, continueOnError: text, timeoutInMinutes: text, cancelTimeoutInMinutes: text, container: {}, services: {}, workspace: {}, uses: {}, strategy: {}, templateContext: {} };

export const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  additionalProperties: false,
  properties: {
    name: text, trigger: {}, pr: {}, schedules: {}, parameters: {}, resources: {}, variables, pool, lockBehavior: text,
    appendCommitMessageToRunName: text, extends: {}, stages: { type: "array", items: ref("stage") }, jobs: ref("jobs"), steps: ref("steps"),
  },
  definitions: {
    stage: { type: "object", properties: { stage: text, displayName: text, dependsOn: texts, condition: text, variables, pool, jobs: ref("jobs"), lockBehavior: text, trigger: text, isSkippable: text, templateContext: {} }, additionalProperties: false },
    jobs: { type: "array", items: { anyOf: [ref("job"), ref("deployment")] } },
    job: { type: "object", required: ["job"], firstProperty: ["job"], additionalProperties: false, properties: { job: text, ...body, steps: ref("steps") } },
    deployment: { type: "object", required: ["deployment"], firstProperty: ["deployment"], additionalProperties: false, properties: { deployment: text, ...body, environment: {} } },
    steps: {
      type: "array",
      items: {
        anyOf: [
          step("script", { workingDirectory: text, failOnStderr: text }), step("bash", { workingDirectory: text, failOnStderr: text }),
          step("pwsh", { workingDirectory: text, failOnStderr: text, errorActionPreference: text }), step("powershell", { workingDirectory: text, failOnStderr: text }),
          step("task", { inputs: map }), step("checkout", { clean: text, fetchDepth: text, path: text, submodules: text, lfs: text, persistCredentials: text, fetchTags: text }),
          step("publish", { artifact: text }), step("download", { artifact: text, patterns: texts, path: text }), step("template", { parameters: {} }),
        ],
      },
    },
    filter,
  },
};
