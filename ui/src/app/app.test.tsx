import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { makeQueryClient, setHost } from "#ui/ipc";
import { GalleryScreen } from "#ui/features/gallery/GalleryScreen";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { ProjectProvider } from "./project";
import { makeRouter } from "./routes";

function renderApp(mode: string): { host: FakeHost; container: HTMLElement } {
  const host = new FakeHost(mode);
  setHost(host);
  const { container } = render(
    <QueryClientProvider client={makeQueryClient()}>
      <ProjectProvider>
        <RouterProvider router={makeRouter()} />
      </ProjectProvider>
    </QueryClientProvider>,
  );
  return { host, container };
}

beforeEach(() => window.localStorage.clear());

describe("the window", () => {
  it("starts at the loop and passes axe", async () => {
    const { container } = renderApp("ready");
    expect(await screen.findByRole("heading", { level: 1, name: "From change to healthy release" })).toBeInTheDocument();
    expect(window.location.hash).toBe("#/loop");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("goes to a room by g and its letter, but not while typing", async () => {
    renderApp("ready");
    const message = await screen.findByRole("textbox", { name: "Commit message" });
    await userEvent.type(message, "gr");
    expect(window.location.hash, "letters belong to the message").toBe("#/loop");
    message.blur();
    await userEvent.keyboard("gr");
    expect(await screen.findByRole("heading", { level: 1, name: "Runs" })).toBeInTheDocument();
    expect(within(screen.getByRole("navigation", { name: "Rooms" })).getByRole("link", { name: "Runs" })).toHaveAttribute("aria-current", "page");
  });

  it("finds a work item with Ctrl+K", async () => {
    renderApp("ready");
    await screen.findByRole("list", { name: "The ten steps" });
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.type(await screen.findByRole("combobox"), "Retry");
    await userEvent.click(await screen.findByText(/Say when to come back/).catch(() => screen.findByText(/Follow “Retry”/)));
    await waitFor(() => expect(window.location.hash).not.toBe("#/loop"));
  });

  it("welcomes someone without a project, says what is missing, and opens the sample", async () => {
    const { host, container } = renderApp("welcome");
    expect(await screen.findByText("Nothing answers on /var/run/docker.sock")).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Open the sample" }));
    await waitFor(() => expect(host.calls.some((made) => made.name === "project_sample")).toBe(true));
  });

  it("says that an address leads nowhere", async () => {
    window.location.hash = "#/nowhere";
    renderApp("ready");
    expect(await screen.findByText("There is no screen at this address.")).toBeInTheDocument();
  });
});

it("the gallery passes axe", async () => {
  const { container } = renderScreen(<GalleryScreen />);
  await screen.findByRole("heading", { name: "Gallery" });
  expect(await axeProblems(container)).toEqual([]);
});
