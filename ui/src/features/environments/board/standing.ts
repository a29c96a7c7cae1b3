// How an environment stands, in one word: the verdict of telemetry if there is one, else what its pods say. Pure.
import type { EnvironmentView } from "#ui/ipc";

/** A state word for its pill, and another word than the usual where that helps. */
export function healthOf(environment: EnvironmentView): { state: string; word?: string } {
  const { current, pods, problem } = environment;
  if (current === null) return { state: "idle" };
  if (current.state !== "completed") return { state: "inProgress" };
  if (current.health !== null && current.health.verdict !== "waiting") return { state: current.health.verdict };
  if (problem !== null && pods.length === 0) return { state: "unknown" };
  if (pods.length === 0) return { state: "waiting", word: "No pods" };
  if (pods.every((pod) => pod.isReady)) return { state: "healthy", word: "Running" };
  return pods.some((pod) => pod.isReady) ? { state: "warning", word: "Partly ready" } : { state: "unhealthy", word: "Not ready" };
}
