// Addresses to screens. A room gets the project and its parameters as props; it never reads the address itself.
import { createBrowserHistory, createRootRoute, createRoute, createRouter, redirect, type HistoryLocation } from "@tanstack/react-router";
import { Fragment, type ComponentType, type ReactNode } from "react";
import { ErrorState, part, Screen, Skeleton, type ClusterPlace } from "#ui/components";
import { toApiError, usePrefetchCommand } from "#ui/ipc";
import { useProjects } from "./project";
import { Shell } from "./Shell";

const WAITING = (
  <Screen>
    <Skeleton lines={6} />
  </Screen>
);

/** A room whose code comes when it is entered first. */
function room<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => ReactNode {
  const Room = part(load);
  return (props) => <Room {...props} waiting={WAITING} />;
}

const LoopScreen = room(async () => (await import("#ui/features/loop/LoopScreen")).LoopScreen);
const ChangesScreen = room(async () => (await import("#ui/features/changes/ChangesScreen")).ChangesScreen);
const PipelineScreen = room(async () => (await import("#ui/features/pipeline/PipelineScreen")).PipelineScreen);
const TasksScreen = room(async () => (await import("#ui/features/tasks/TasksScreen")).TasksScreen);
const RunsScreen = room(async () => (await import("#ui/features/runs/RunsScreen")).RunsScreen);
const RunScreen = room(async () => (await import("#ui/features/runs/RunScreen")).RunScreen);
const RegistryScreen = room(async () => (await import("#ui/features/registry/RegistryScreen")).RegistryScreen);
const ImageScreen = room(async () => (await import("#ui/features/registry/ImageScreen")).ImageScreen);
const EnvironmentsScreen = room(async () => (await import("#ui/features/environments/EnvironmentsScreen")).EnvironmentsScreen);
const DeploymentScreen = room(async () => (await import("#ui/features/environments/DeploymentScreen")).DeploymentScreen);
const ClusterScreen = room(async () => (await import("#ui/features/cluster/ClusterScreen")).ClusterScreen);
const LibraryScreen = room(async () => (await import("#ui/features/library/LibraryScreen")).LibraryScreen);
const InsightsScreen = room(async () => (await import("#ui/features/insights/InsightsScreen")).InsightsScreen);
const BacklogScreen = room(async () => (await import("#ui/features/backlog/BacklogScreen")).BacklogScreen);
const WorkItemScreen = room(async () => (await import("#ui/features/backlog/WorkItemScreen")).WorkItemScreen);
const ThreadScreen = room(async () => (await import("#ui/features/thread/ThreadScreen")).ThreadScreen);
const BareFlow = room(async () => (await import("#ui/features/gallery/BareFlow")).BareFlow);
const GalleryScreen = room(async () => (await import("#ui/features/gallery/GalleryScreen")).GalleryScreen);

/** Waits for the project. */
function InProject({ children }: { children: (projectId: string) => ReactNode }): ReactNode {
  const { project, error, retry } = useProjects();
  if (project === undefined) {
    if (error === null) return WAITING;
    return (
      <Screen>
        <ErrorState error={error} onRetry={retry} />
      </Screen>
    );
  }
  // A new project is a new room: nothing chosen in the old one may stay.
  return <Fragment key={project.id}>{children(project.id)}</Fragment>;
}

const inProject = (Room: ComponentType<{ projectId: string }>) =>
  function RoomRoute(): ReactNode {
    return <InProject>{(projectId) => <Room projectId={projectId} />}</InProject>;
  };

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);

const root = createRootRoute({
  component: Shell,
  errorComponent: ({ error }) => (
    <Screen>
      <ErrorState error={toApiError(error)} onRetry={() => window.location.reload()} />
    </Screen>
  ),
  notFoundComponent: () => (
    <Screen>
      <ErrorState error={{ kind: "refused", code: "no_such_screen", message: "There is no screen at this address.", hint: "Choose a room on the left.", corr: "" }} />
    </Screen>
  ),
});

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // oxlint-disable-next-line only-throw-error
    throw redirect({ to: "/loop" });
  },
});
const loop = createRoute({ getParentRoute: () => root, path: "/loop", component: inProject(LoopScreen) });
const changes = createRoute({
  getParentRoute: () => root,
  path: "/changes",
  validateSearch: (search: Record<string, unknown>): { path?: string | undefined } => ({ path: text(search.path) }),
  component: function ChangesRoute() {
    const { path } = changes.useSearch();
    return <InProject>{(projectId) => <ChangesScreen projectId={projectId} path={path} />}</InProject>;
  },
});
function PipelineRoom({ projectId, line }: { projectId: string; line: number | undefined }): ReactNode {
  usePrefetchCommand("pipeline_get", { projectId });
  return <PipelineScreen projectId={projectId} line={line} />;
}

const pipeline = createRoute({
  getParentRoute: () => root,
  path: "/pipeline",
  validateSearch: (search: Record<string, unknown>): { line?: number | undefined } => ({ line: Number(search.line) || undefined }),
  component: function PipelineRoute() {
    const { line } = pipeline.useSearch();
    return <InProject>{(projectId) => <PipelineRoom projectId={projectId} line={line} />}</InProject>;
  },
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: "/tasks",
  component: TasksScreen,
});
const runs = createRoute({ getParentRoute: () => root, path: "/runs", component: inProject(RunsScreen) });
const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: (search: Record<string, unknown>): { tab?: string | undefined } => ({ tab: text(search.tab) }),
  component: function RunRoute() {
    const { runId } = run.useParams();
    const { tab } = run.useSearch();
    return <InProject>{(projectId) => <RunScreen key={runId} projectId={projectId} runId={runId} tab={tab} />}</InProject>;
  },
});
const registry = createRoute({ getParentRoute: () => root, path: "/registry", component: inProject(RegistryScreen) });
const image = createRoute({
  getParentRoute: () => root,
  path: "/registry/$digest",
  component: function ImageRoute() {
    const { digest } = image.useParams();
    return <InProject>{(projectId) => <ImageScreen key={digest} projectId={projectId} digest={digest} />}</InProject>;
  },
});
const environments = createRoute({
  getParentRoute: () => root,
  path: "/environments",
  validateSearch: (search: Record<string, unknown>): { environment?: string | undefined } => ({ environment: text(search.environment) }),
  component: function EnvironmentsRoute() {
    const { environment } = environments.useSearch();
    return <InProject>{(projectId) => <EnvironmentsScreen projectId={projectId} environment={environment} />}</InProject>;
  },
});
const deployment = createRoute({
  getParentRoute: () => root,
  path: "/deployments/$deploymentId",
  component: function DeploymentRoute() {
    const { deploymentId } = deployment.useParams();
    return <InProject>{(projectId) => <DeploymentScreen key={deploymentId} projectId={projectId} deploymentId={deploymentId} />}</InProject>;
  },
});
const cluster = createRoute({
  getParentRoute: () => root,
  path: "/cluster",
  validateSearch: (search: Record<string, unknown>): ClusterPlace => ({ context: text(search.context), namespace: text(search.namespace), kind: text(search.kind), object: text(search.object), within: text(search.within), tab: text(search.tab) }),
  component: function ClusterRoute() {
    const place = cluster.useSearch();
    return <InProject>{(projectId) => <ClusterScreen projectId={projectId} place={place} />}</InProject>;
  },
});
const library = createRoute({ getParentRoute: () => root, path: "/library", component: inProject(LibraryScreen) });
const insights = createRoute({
  getParentRoute: () => root,
  path: "/insights",
  validateSearch: (search: Record<string, unknown>): { problemId?: string | undefined } => ({ problemId: text(search.problemId) }),
  component: function InsightsRoute() {
    const { problemId } = insights.useSearch();
    return <InProject>{(projectId) => <InsightsScreen projectId={projectId} problemId={problemId} />}</InProject>;
  },
});
const backlog = createRoute({ getParentRoute: () => root, path: "/backlog", component: inProject(BacklogScreen) });
const workItem = createRoute({
  getParentRoute: () => root,
  path: "/backlog/$id",
  component: function WorkItemRoute() {
    const id = Number(workItem.useParams().id);
    return <InProject>{(projectId) => <WorkItemScreen key={id} projectId={projectId} id={id} />}</InProject>;
  },
});
const thread = createRoute({
  getParentRoute: () => root,
  path: "/thread",
  validateSearch: (search: Record<string, unknown>): { key?: string | undefined } => ({ key: text(search.key) }),
  component: function ThreadRoute() {
    const { key = "" } = thread.useSearch();
    return <InProject>{(projectId) => <ThreadScreen key={key} projectId={projectId} objectKey={key} />}</InProject>;
  },
});
/** The yardstick that `cargo xtask bench canvas` measures the pipeline's canvas against. */
const bareFlow = createRoute({
  getParentRoute: () => root,
  path: "/gallery/flow/$count",
  component: function BareFlowRoute(): ReactNode {
    const { count } = bareFlow.useParams();
    return <BareFlow count={Number(count)} />;
  },
});

const gallery = createRoute({
  getParentRoute: () => root,
  path: "/gallery",
  component: GalleryScreen,
});

/** Search values are plain text in the address: `?key=42` must stay `42`, not become a quoted word. */
const parsePlain = (searchText: string): Record<string, string> => Object.fromEntries(new URLSearchParams(searchText));
const stringifyPlain = (search: Record<string, unknown>): string => {
  const entries = Object.entries(search).flatMap(([name, value]): [string, string][] => (typeof value === "string" ? [[name, value]] : typeof value === "number" ? [[name, String(value)]] : []));
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
};

/** TanStack's own hash history also reads the page's `?…` (the token, the fake mode) as the screen's: this one does not. */
function hashHistory(): ReturnType<typeof createBrowserHistory> {
  return createBrowserHistory({
    window,
    parseLocation: () => {
      const address = window.location.hash.slice(1) || "/";
      const cut = address.indexOf("?");
      const state = (window.history.state ?? { __TSR_index: 0, key: "start", __TSR_key: "start" }) as HistoryLocation["state"];
      return { href: address, pathname: cut < 0 ? address : address.slice(0, cut), search: cut < 0 ? "" : address.slice(cut), hash: "", state };
    },
    createHref: (address: string) => `${window.location.pathname}${window.location.search}#${address}`,
  });
}

/** A router over hash addresses, which work without a server behind them. */
export function makeRouter() {
  return createRouter({
    history: hashHistory(),
    parseSearch: parsePlain,
    stringifySearch: stringifyPlain,
    routeTree: root.addChildren([index, loop, changes, pipeline, tasks, runs, run, registry, image, environments, deployment, cluster, library, insights, backlog, workItem, thread, gallery, bareFlow]),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
