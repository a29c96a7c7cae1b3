// Which project the window shows. The list is server state; only the choice is kept here.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { leaveThen } from "#ui/components";
import { useQueryCommand, type ApiError, type ProjectId, type ProjectView } from "#ui/ipc";

const KEY = "slipway.project";

interface ProjectChoice {
  /** Undefined until the list is known, or when it is empty. */
  project: ProjectView | undefined;
  projects: readonly ProjectView[];
  isLoading: boolean;
  error: ApiError | null;
  retry: () => void;
  choose: (id: ProjectId) => void;
}

const ProjectContext = createContext<ProjectChoice | undefined>(undefined);

/** Knows the projects and the chosen one: the kept choice, else the one opened last. */
export function ProjectProvider({ children }: { children: ReactNode }): ReactNode {
  const list = useQueryCommand("project_list", {});
  const [chosen, setChosen] = useState(() => window.localStorage.getItem(KEY));
  const choose = useCallback((id: ProjectId) => {
    leaveThen(() => {
      window.localStorage.setItem(KEY, id);
      setChosen(id);
    });
  }, []);
  const { data, error, isPending, refetch } = list;
  const value = useMemo((): ProjectChoice => {
    const projects = data ?? [];
    const newest = projects.toSorted((left, right) => right.openedAt - left.openedAt)[0];
    return { project: projects.find((project) => project.id === chosen) ?? newest, projects, isLoading: isPending, error, retry: () => void refetch(), choose };
  }, [data, error, isPending, refetch, chosen, choose]);
  return <ProjectContext.Provider value={value}>{children}</ProjectContext.Provider>;
}

/** The chosen project and the others. */
export function useProjects(): ProjectChoice {
  const value = useContext(ProjectContext);
  if (value === undefined) throw new Error("BUG: useProjects needs a ProjectProvider above");
  return value;
}
