// Starts the page: theme, host, cache, router.
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { toast } from "sonner";
import { ProjectProvider } from "./app/project";
import { makeRouter } from "./app/routes";
import { loadStylesAgain } from "./app/styles-again";
import { startTheme } from "./app/theme";
import { followEvents, makeQueryClient, openHost } from "./ipc";

loadStylesAgain();
startTheme();
await openHost();
const client = makeQueryClient((error, title) => {
  const show = error.kind === "bug" || error.kind === "unavailable" ? toast.error : toast;
  show(title, { description: error.hint === null ? error.message : `${error.message} ${error.hint}` });
});
followEvents(client);

const root = document.getElementById("root");
if (root === null) throw new Error("BUG: index.html has a #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <ProjectProvider>
        <RouterProvider router={makeRouter()} />
      </ProjectProvider>
    </QueryClientProvider>
  </StrictMode>,
);
