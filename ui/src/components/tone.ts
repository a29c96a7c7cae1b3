// State words of the contract, each with its tone, icon and the word a person reads.
import { AlertTriangle, Ban, Check, CircleDashed, CircleDot, Clock, FileMinus, FilePen, FilePlus, FileSymlink, LoaderCircle, Minus, Octagon, Unplug, X, type LucideIcon } from "lucide-react";

/** What a colour means. */
export type Tone = "neutral" | "running" | "success" | "warning" | "danger" | "info";

/** How a state word looks. */
export interface StateLook {
  tone: Tone;
  icon: LucideIcon;
  label: string;
  /** The icon turns. */
  spins?: boolean;
}

const look = (tone: Tone, icon: LucideIcon, label: string, spins = false): StateLook => ({ tone, icon, label, spins });

const LOOKS: Record<string, StateLook> = {
  // Runs, records, deployments
  pending: look("neutral", Clock, "Queued"),
  inprogress: look("running", LoaderCircle, "Running", true),
  completed: look("success", Check, "Completed"),
  succeeded: look("success", Check, "Succeeded"),
  succeededwithissues: look("warning", AlertTriangle, "Succeeded with issues"),
  failed: look("danger", X, "Failed"),
  canceled: look("neutral", Ban, "Canceled"),
  cancelled: look("neutral", Ban, "Canceled"),
  skipped: look("neutral", Minus, "Skipped"),
  interrupted: look("warning", Unplug, "Interrupted"),
  // The ten steps
  idle: look("neutral", CircleDashed, "Not yet"),
  ready: look("info", CircleDot, "Ready"),
  running: look("running", LoaderCircle, "Running", true),
  warning: look("warning", AlertTriangle, "Needs a look"),
  // Capabilities
  starting: look("running", LoaderCircle, "Starting", true),
  missing: look("warning", Unplug, "Missing"),
  // The thread
  committed: look("success", Check, "Committed"),
  pushed: look("success", Check, "Pushed"),
  seen: look("warning", AlertTriangle, "Seen"),
  // Health and proof
  waiting: look("neutral", Clock, "Waiting"),
  healthy: look("success", Check, "Healthy"),
  unhealthy: look("danger", Octagon, "Unhealthy"),
  proven: look("success", Check, "Proven"),
  notproven: look("danger", X, "Not proven"),
  unproven: look("warning", AlertTriangle, "Not proven"),
  // Phases of a deployment
  planning: look("running", LoaderCircle, "Planning", true),
  applying: look("running", LoaderCircle, "Applying", true),
  watching: look("running", LoaderCircle, "Rolling out", true),
  proving: look("running", LoaderCircle, "Proving", true),
  rollingback: look("warning", LoaderCircle, "Rolling back", true),
  // Drift
  none: look("success", Check, "No drift"),
  drifted: look("warning", AlertTriangle, "Drifted"),
  unknown: look("neutral", CircleDashed, "Not known"),
  // Work items
  todo: look("neutral", CircleDashed, "To Do"),
  doing: look("running", CircleDot, "Doing"),
  done: look("success", Check, "Done"),
  // Tests
  passed: look("success", Check, "Passed"),
  // Files
  added: look("success", FilePlus, "Added"),
  modified: look("info", FilePen, "Modified"),
  deleted: look("danger", FileMinus, "Deleted"),
  renamed: look("info", FileSymlink, "Renamed"),
  conflicted: look("danger", AlertTriangle, "Conflicted"),
  // Diagnostics
  error: look("danger", X, "Error"),
  information: look("info", CircleDot, "Information"),
};

/** The look of a state word; an unknown word is shown as it is, neutral. */
export function stateLook(state: string): StateLook {
  const key = state.replace(/[\s_-]/g, "").toLowerCase();
  return LOOKS[key] ?? look("neutral", CircleDashed, state);
}

/** One word for something with a state and, once it ended, a result. */
export function stateOf(item: { state: string; result: string | null }): string {
  return item.state === "completed" ? (item.result ?? "completed") : item.state;
}
