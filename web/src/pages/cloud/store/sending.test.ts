// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useToasts } from "#/ui/toast";
import { emptyCloud, setSelected, storeEvents, storeSnapshot, useCloud } from "./cloud";
import { isCreating, unconfirmedOf } from "./commands";
import { eventForTest, instanceForTest } from "./eventsForTest";
import { create, runAction, runActions } from "./sending";

const base = { durableEpoch: "aaaa", durable: 0, volatileEpoch: "bbbb", volatile: 0 };
const server = vi.fn<typeof fetch>();
const taken = (opId = "op", id = "a") => Response.json({ status: "ok", opId, id }, { status: 202 });
const refused = (code: string) =>
  Response.json({ code, title: "In the server's words.", status: 409 }, { status: 409 });
const lockOf = (id: string) => unconfirmedOf(useCloud.getState().commands, id);
const toasts = () => useToasts.getState().shown;
const keyOf = (call: number) => new Headers(server.mock.calls[call]?.[1]?.headers).get("Idempotency-Key");
const bodyOf = (call: number) => server.mock.calls[call]?.[1]?.body ?? null;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", server.mockReset());
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useCloud.setState(emptyCloud);
  useToasts.setState({ shown: [] });
  storeSnapshot([instanceForTest("a"), instanceForTest("b", "running")], base);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a start locks its instance until the server's event", async () => {
  server.mockResolvedValue(taken());
  const done = runAction("start", "a");
  expect(lockOf("a")).toBe("start");
  await done;
  expect(lockOf("a")).toBe("start");
  storeEvents([{ at: 1, event: eventForTest(1, "received", "start", instanceForTest("a", "stopped", "start"), "op") }]);
  expect(lockOf("a")).toBeNull();
  expect(toasts()).toEqual([]);
});

test("a refusal rolls back, says why, and is a line of its own in the Worklog", async () => {
  server.mockResolvedValue(refused("busy"));
  await runAction("stop", "b");
  expect(lockOf("b")).toBeNull();
  expect(toasts().map(({ tone, action }) => [tone, action])).toEqual([["bad", undefined]]);
  expect(toasts()[0]?.details).toBe("code: busy\ninstance: b\ndetail: In the server's words.");
  expect(useCloud.getState().refusals.map(({ code, instanceId }) => [code, instanceId])).toEqual([["busy", "b"]]);
  expect(useCloud.getState().worklog.lines).toEqual([]);
});

test("what the table forbids is not even asked for, and it is said why", async () => {
  await runAction("start", "b");
  await runAction("stop", "a");
  await runAction("remove", "gone");
  expect(server).not.toHaveBeenCalled();
  expect(toasts().map(({ text }) => text)).toEqual([
    "It is running already",
    "It is stopped already",
    "There is no such instance now.",
  ]);
});

/** The answer to this command is lost; then it is tried again, and the server has these answers. */
async function triedAgain(action: "start" | "remove", ...answers: Response[]): Promise<void> {
  server.mockRejectedValueOnce(new TypeError("network"));
  await runAction(action, "a");
  const again = toasts()[0]?.action;
  useToasts.setState({ shown: [] });
  for (const each of answers) {
    server.mockResolvedValueOnce(each);
  }
  again?.run();
  await vi.waitFor(() => expect(server).toHaveBeenCalledTimes(1 + answers.length));
}

test.each([
  ["start", "illegal_state"],
  ["remove", "not_found"],
] as const)("a %s whose answer was lost is done where the server says %s to the repeated one", async (action, code) => {
  await triedAgain(action, refused(code));
  await vi.waitFor(() => expect(lockOf("a")).toBeNull());
  expect(toasts()).toEqual([]);
});

const runningWith = (kind: string) =>
  Response.json({
    id: "a",
    state: "stopped",
    timestamp: "2026-11-21T09:51:46.551Z",
    op: { id: "first", kind, startedAt: "2026-11-21T09:51:46.551Z", durationMs: 20_000 },
  });

test("a start whose answer was lost is waited for where it runs already", async () => {
  await triedAgain("start", refused("busy"), runningWith("start"));
  await vi.waitFor(() =>
    expect([...useCloud.getState().commands.values()].map(({ operationId }) => operationId)).toEqual(["first"]),
  );
  expect(lockOf("a")).toBe("start");
  expect(toasts()).toEqual([]);
});

test("a repeated start that another operation prevents is refused", async () => {
  await triedAgain("start", refused("busy"), runningWith("remove"));
  await vi.waitFor(() => expect(toasts().map(({ tone }) => tone)).toEqual(["bad"]));
  expect(lockOf("a")).toBeNull();
});

test("a double click creates one instance", async () => {
  server.mockResolvedValue(taken("op", "new"));
  await Promise.all([create(), create()]);
  expect(server).toHaveBeenCalledTimes(1);
});

test("what is created gets the name that was typed, and none where none was", async () => {
  server.mockImplementation(async () => taken("op", "new"));
  await create("web-1");
  expect(bodyOf(0)).toBe('{"name":"web-1"}');
  useCloud.setState({ commands: new Map() });
  await create();
  expect(bodyOf(1)).toBeNull();
});

test("a create without an answer is tried again with the same key, the next one with another", async () => {
  server.mockRejectedValueOnce(new TypeError("network"));
  await create();
  expect(isCreating(useCloud.getState().commands)).toBe(false);
  server.mockImplementation(async () => taken("op", "new"));
  toasts()[0]?.action?.run();
  await vi.waitFor(() => expect(server).toHaveBeenCalledTimes(2));
  storeEvents([
    { at: 1, event: eventForTest(1, "received", "create", instanceForTest("new", "stopped", "create"), "op") },
  ]);
  await vi.waitFor(() => expect(isCreating(useCloud.getState().commands)).toBe(false));
  await create();
  expect(keyOf(0)).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOf(1)).toBe(keyOf(0));
  expect(keyOf(2)).not.toBe(keyOf(0));
});

test("an accepted command without an event is given up after 10 s", async () => {
  server.mockResolvedValue(taken());
  await runAction("start", "a");
  vi.advanceTimersByTime(9_999);
  expect(lockOf("a")).toBe("start");
  vi.advanceTimersByTime(1);
  expect(lockOf("a")).toBeNull();
  expect(useCloud.getState().refusals.map(({ code }) => code)).toEqual(["unconfirmed"]);
});

test("a command for many is sent only where it is possible, and shows the outcome once", async () => {
  storeSnapshot([instanceForTest("a"), instanceForTest("b", "running"), instanceForTest("c")], base);
  server.mockImplementation(async (path) => (String(path).endsWith("/c") ? refused("version_conflict") : taken()));
  await runActions("start", ["a", "b", "c"]);
  expect(server.mock.calls.map(([path]) => path)).toEqual(["/api/cloud/instances/a", "/api/cloud/instances/c"]);
  expect(toasts().map(({ tone, details }) => [tone, details])).toEqual([
    ["bad", "code: version_conflict\ninstance: c\ndetail: In the server's words."],
  ]);
});

test("a command for many locks all of them at the click", async () => {
  const ids = ["c", "d", "e", "f", "g", "h"];
  storeSnapshot(
    ids.map((id) => instanceForTest(id)),
    base,
  );
  server.mockImplementation(async () => taken());
  const done = runActions("start", ids);
  expect(ids.map(lockOf)).toEqual(ids.map(() => "start"));
  await done;
});

test("a command for many that none of them allows any more shows that", async () => {
  await runActions("start", ["b", "gone"]);
  expect(server).not.toHaveBeenCalled();
  expect(toasts().map(({ tone, text }) => [tone, text])).toEqual([["bad", "None of the selected ones allows it now"]]);
});

test("what is gone with a new list is not selected any more", () => {
  setSelected(new Set(["a", "b"]));
  storeSnapshot([instanceForTest("b", "running")], base);
  expect([...useCloud.getState().selected]).toEqual(["b"]);
});
