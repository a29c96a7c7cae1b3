// The rooms of the rail, in the loop's order, with the key that follows `g`.
import { Activity, Boxes, FileDiff, Library, Package, Play, RefreshCw, Server, Spline, SquareKanban, Workflow, type LucideIcon } from "lucide-react";
import { href } from "#ui/components";

/** A room: one entry of the rail. */
export interface Room {
  name: string;
  path: string;
  href: string;
  key: string;
  icon: LucideIcon;
}

export const ROOMS: readonly Room[] = [
  { name: "Loop", path: "/loop", href: href.loop(), key: "l", icon: RefreshCw },
  { name: "Changes", path: "/changes", href: href.changes(), key: "c", icon: FileDiff },
  { name: "Pipeline", path: "/pipeline", href: href.pipeline(), key: "p", icon: Workflow },
  { name: "Runs", path: "/runs", href: href.runs(), key: "r", icon: Play },
  { name: "Registry", path: "/registry", href: href.registry(), key: "y", icon: Package },
  { name: "Environments", path: "/environments", href: href.environments(), key: "e", icon: Server },
  { name: "Cluster", path: "/cluster", href: href.cluster(), key: "k", icon: Boxes },
  { name: "Library", path: "/library", href: href.library(), key: "v", icon: Library },
  { name: "Insights", path: "/insights", href: href.insights(), key: "i", icon: Activity },
  { name: "Backlog", path: "/backlog", href: href.backlog(), key: "b", icon: SquareKanban },
  { name: "Thread", path: "/thread", href: href.thread(), key: "t", icon: Spline },
];

/** Whether an address belongs to a room; deployments are seen in Environments, tasks in Pipeline. */
export function isInRoom(room: Room, pathname: string): boolean {
  if (room.path === "/pipeline" && pathname.startsWith("/tasks")) return true;
  if (room.path === "/environments" && pathname.startsWith("/deployments")) return true;
  return pathname === room.path || pathname.startsWith(`${room.path}/`);
}
