import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { ImageScreen } from "./ImageScreen";
import { RegistryScreen } from "./RegistryScreen";
import { sortTags } from "./RepositoryList";

const show = (fake: string | FakeHost = "ready") => renderScreen(<RegistryScreen projectId="p-tidewater" />, fake);
async function firstDigest(): Promise<string> {
  const [image] = await new FakeHost("ready").send("image_list", { projectId: "p-tidewater" });
  return image?.digest ?? "";
}
const showImage = (digest: string, fake: string | FakeHost = "ready") => renderScreen(<ImageScreen projectId="p-tidewater" digest={digest} />, fake);

const states: [string, string, RegExp][] = [
  ["loading", "status", /Loading/],
  ["refused", "status", /being opened by another Slipway/],
  ["failed", "alert", /does not answer/],
];

describe("RegistryScreen", () => {
  it("lists images with digest, runs and where they run", async () => {
    const { container } = show();
    const table = await screen.findByRole("table", { name: "Pushed images" });
    const [, first] = within(table).getAllByRole("row");
    expect(first).toHaveTextContent("20261122.7");
    expect(within(first as HTMLElement).getByRole("link", { name: "dev" })).toHaveAttribute("href", "#/environments?environment=dev");
    expect(await screen.findByRole("button", { name: "latest" })).toBeVisible();
    expect(await axeProblems(container)).toEqual([]);
  });

  it("narrows by words and by tag", async () => {
    show();
    const table = await screen.findByRole("table", { name: "Pushed images" });
    await userEvent.type(screen.getByRole("searchbox", { name: "Filter images" }), "staging");
    expect(within(table).getAllByRole("row"), "the head and the one that runs in staging").toHaveLength(2);
    await userEvent.clear(screen.getByRole("searchbox", { name: "Filter images" }));
    await userEvent.click(await screen.findByRole("button", { name: "latest" }));
    expect(within(screen.getByRole("table", { name: "Pushed images" })).getAllByRole("row"), "one image has that tag").toHaveLength(2);
  });

  it("opens an image by keyboard", async () => {
    show();
    const [, first] = within(await screen.findByRole("table", { name: "Pushed images" })).getAllByRole("row");
    first?.focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(window.location.hash).toMatch(/^#\/registry\/sha256/));
  });

  it("says that the record is not confirmed when the registry does not answer", async () => {
    show("partial");
    expect(await screen.findByText("The registry is not ready")).toBeVisible();
    expect(await screen.findByText("From Slipway's own record")).toBeVisible();
    expect(screen.getByRole("table", { name: "Pushed images" }), "what is known is shown").toBeVisible();
  });

  it("says what to do when nothing was pushed", async () => {
    show("empty");
    expect(await screen.findByText("No image was pushed yet")).toBeVisible();
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    const { container } = show(mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("ImageScreen", () => {
  it("shows the manifest, layers and deployments", async () => {
    const digest = await firstDigest();
    const { container } = showImage(digest);
    expect(await screen.findByText("Confirmed by the registry")).toBeVisible();
    expect(within(screen.getByRole("region", { name: /^Layers/ })).getAllByRole("listitem"), "three layers").toHaveLength(3);
    expect(screen.getByText("50 %"), "the biggest layer is half of the whole").toBeVisible();
    expect(screen.getByRole("table", { name: "Deployments of this image" })).toHaveTextContent("dev");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("says what is not confirmed", async () => {
    showImage(await firstDigest(), "partial");
    expect(await screen.findByText("Not confirmed by the registry")).toBeVisible();
    expect(screen.getByText("Layers are not known")).toBeVisible();
  });

  it("says when there is no such image", async () => {
    showImage("sha256:none");
    expect(await screen.findByText(/There is no image sha256:none/)).toBeVisible();
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    showImage("sha256:any", mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
  });
});

describe("sortTags", () => {
  it("counts as people do", () => {
    expect(sortTags(["20261122.9", "20261122.10", "latest"])).toEqual(["latest", "20261122.10", "20261122.9"]);
  });
});
