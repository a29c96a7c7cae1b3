import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { Repositories } from "./Repositories";

function house(): FakeHost {
  const host = new FakeHost("ready");
  host.repositories = [
    { name: "Contoso/Templates", path: null, isNamed: true },
    { name: "Contoso/Tools", path: "/src/tools", isNamed: false },
  ];
  return host;
}

it("maps a repository to the folder of its checkout", async () => {
  const { host, container } = renderScreen(<Repositories projectId="p" />, house());
  await userEvent.click(await screen.findByRole("button", { name: "Map Contoso/Templates" }));
  const dialog = screen.getByRole("dialog", { name: "Where is Contoso/Templates?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Map" }));
  expect(within(dialog).getByText("Write the folder's path."), "an empty answer is told what to do").toBeInTheDocument();
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Folder" }), "/src/templates");
  await userEvent.click(within(dialog).getByRole("button", { name: "Map" }));
  await waitFor(() => expect(host.calls).toContainEqual({ name: "repository_mapping_set", request: { projectId: "p", name: "Contoso/Templates", path: "/src/templates" } }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await axeProblems(container)).toEqual([]);
});

it("says which mapping the pipeline does not need, and forgets it", async () => {
  const { host } = renderScreen(<Repositories projectId="p" />, house());
  expect(await screen.findByText("The pipeline does not name it.")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Forget the folder of Contoso/Tools" }));
  await waitFor(() => expect(host.calls).toContainEqual({ name: "repository_mapping_remove", request: { projectId: "p", name: "Contoso/Tools" } }));
});

it("is not there while the pipeline names no other repository", async () => {
  const { host, container } = renderScreen(<Repositories projectId="p" />);
  await waitFor(() => expect(host.calls).toHaveLength(1));
  expect(container).toBeEmptyDOMElement();
});
