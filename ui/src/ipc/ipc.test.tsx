import { act, renderHook, waitFor } from "@testing-library/react";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, setHost } from "./call";
import { FakeHost } from "./fake/host";
import { COMMANDS, type ApiError } from "./generated/contract";
import { ApiFailure, toApiError, type Host } from "./host";
import { HttpHost, takeToken } from "./http";
import { followEvents, makeQueryClient, useLogGrew, useMutationCommand, useQueryCommand } from "./query";

function wrap(client = makeQueryClient()): ({ children }: { children: ReactNode }) => ReactNode {
  return ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
const answer = (status: number, body: unknown): Response => Response.json(body, { status });

afterEach(() => {
  vi.unstubAllGlobals();
  window.sessionStorage.clear();
});

describe("the token", () => {
  it.each([
    ["http://localhost:3000/#token=abc", "http://localhost:3000/"],
    ["http://localhost:3000/?token=abc#/runs", "http://localhost:3000/#/runs"],
  ])("is taken from %s once and leaves the address bar", (address, left) => {
    window.history.replaceState(null, "", address);
    expect(takeToken(window.location, window.history, window.sessionStorage)).toBe("abc");
    expect(window.location.href, "the token stays out of bookmarks").toBe(left);
    expect(takeToken(window.location, window.history, window.sessionStorage), "a reload keeps it").toBe("abc");
  });
});

describe("HttpHost", () => {
  it("posts the request with the token", async () => {
    const fetched = vi.fn<typeof fetch>().mockResolvedValue(answer(200, []));
    vi.stubGlobal("fetch", fetched);
    await new HttpHost("secret").send("run_list", { projectId: "p", limit: 3 });
    const [address, init] = fetched.mock.calls[0] ?? [];
    expect(address).toBe("/rpc/run_list");
    expect(new Headers(init?.headers).get("X-Slipway-Token"), "the host refuses a call without it").toBe("secret");
    expect(init?.body).toBe('{"projectId":"p","limit":3}');
  });

  it("hands on the host's own error", async () => {
    const error: ApiError = { kind: "refused", code: "run_going", message: "A run is going on.", hint: "Cancel it.", corr: "c1" };
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockResolvedValue(answer(409, error)));
    await expect(new HttpHost("t").send("app_get", {}), "the screen shows what the host said").rejects.toMatchObject({ error });
  });

  it("says that the host is gone, and how to go on", async () => {
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockRejectedValue(new TypeError("refused")));
    await expect(new HttpHost("t").send("app_get", {})).rejects.toMatchObject({ error: { kind: "unavailable", code: "host_gone" } });
  });
});

describe("call", () => {
  it("does not wait for ever", async () => {
    setHost(new FakeHost("loading"));
    await expect(call("run_list", { projectId: "p", limit: 1 }, 20), "a panic in the window leaves a call pending").rejects.toMatchObject({ error: { code: "call_timeout" } });
  });

  it("makes an ApiError of anything", () => {
    expect(toApiError("odd")).toMatchObject({ kind: "bug", message: "odd" });
    expect(toApiError(new ApiFailure({ kind: "refused", code: "x", message: "m", hint: null, corr: "" }))).toMatchObject({ kind: "refused" });
  });
});

describe("queries", () => {
  it("read again when a tag they carry has changed, and only then", async () => {
    const host = new FakeHost("ready");
    setHost(host);
    const client = makeQueryClient();
    const stop = followEvents(client);
    const { result } = renderHook(() => useQueryCommand("run_list", { projectId: "p", limit: 5 }), { wrapper: wrap(client) });
    await waitFor(() => expect(result.current.data).toHaveLength(4));
    const count = (): number => host.calls.filter((made) => made.name === "run_list").length;
    host.emit({ type: "changed", tags: ["workItem"] });
    host.emit({ type: "changed", tags: ["run"] });
    await waitFor(() => expect(count(), "two events in a burst cost one read").toBe(2));
    stop();
  });

  it("give the screen an ApiError", async () => {
    setHost(new FakeHost("refused"));
    const { result } = renderHook(() => useQueryCommand("run_list", { projectId: "p", limit: 5 }), { wrapper: wrap() });
    await waitFor(() => expect(result.current.error).toMatchObject({ kind: "refused", code: "project_busy" }));
  });

  it("are made stale by the tags of a mutation", async () => {
    const host = new FakeHost("ready");
    setHost(host);
    const wrapper = wrap();
    const { result } = renderHook(() => ({ list: useQueryCommand("change_list", { projectId: "p" }), stage: useMutationCommand("change_stage") }), { wrapper });
    await waitFor(() => expect(result.current.list.data).toBeDefined());
    act(() => result.current.stage.mutate({ projectId: "p", paths: ["azure-pipelines.yml"] }));
    await waitFor(() => expect(result.current.list.data?.files.find((file) => file.path === "azure-pipelines.yml")?.isStaged, "the list shows what was staged").toBe(true));
  });

  it("tell a failed mutation to the toast, except a cancelled or quiet one", async () => {
    const told = vi.fn<(error: ApiError, title: string) => void>();
    const failing = (kind: ApiError["kind"]): Host => ({ kind: "fake", listen: () => () => undefined, send: () => Promise.reject(new ApiFailure({ kind, code: "x", message: "m", hint: null, corr: "" })) });
    const run = async (kind: ApiError["kind"], isQuiet: boolean): Promise<void> => {
      setHost(failing(kind));
      const { result } = renderHook(() => useMutationCommand("run_cancel", { failureTitle: "Not cancelled", quiet: isQuiet }), { wrapper: wrap(makeQueryClient(told)) });
      act(() => result.current.mutate({ runId: "r" }));
      await waitFor(() => expect(result.current.isError).toBe(true));
    };
    await run("cancelled", false);
    await run("unavailable", true);
    expect(told, "neither is worth a toast").not.toHaveBeenCalled();
    await run("unavailable", false);
    expect(told.mock.calls[0]?.[1]).toBe("Not cancelled");
  });
});

describe("log events", () => {
  it("reach the record they are about only", () => {
    const host = new FakeHost("ready");
    setHost(host);
    const grew = vi.fn<(lines: number) => void>();
    renderHook(() => useLogGrew("r", "a", grew));
    act(() => host.emit({ type: "logGrew", runId: "r", recordId: "b", lines: 3 }));
    act(() => host.emit({ type: "logGrew", runId: "r", recordId: "a", lines: 7 }));
    expect(grew.mock.calls).toEqual([[7]]);
  });
});

it("the fake host answers every command of the contract", async () => {
  const host = new FakeHost("ready");
  const list = await host.send("project_list", {});
  expect(list.length, "the fixtures have projects").toBeGreaterThan(0);
  expect(Object.keys(COMMANDS).length, "the contract has commands").toBeGreaterThan(30);
});
