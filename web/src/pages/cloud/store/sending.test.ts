// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useToasts } from "#/ui/toast";
import { emptyCloud, takeEvents, takeSnapshot, useCloud } from "./cloud";
import { isCreating, unconfirmedOf } from "./commands";
import { eventForTest, instanceForTest } from "./events_for_test";
import { act, actOnMany, create } from "./sending";

const base = { durableEpoch: "aaaa", durable: 0, volatileEpoch: "bbbb", volatile: 0 };
const server = vi.fn<typeof fetch>();
const taken = (opId = "op", id = "a") => Response.json({ status: "ok", opId, id }, { status: 202 });
const refused = (code: string) =>
  Response.json({ code, title: "In the server's words.", status: 409 }, { status: 409 });
const lockOf = (id: string) => unconfirmedOf(useCloud.getState().commands, id);
const toasts = () => useToasts.getState().shown;
const keyOf = (call: number) => new Headers(server.mock.calls[call]?.[1]?.headers).get("Idempotency-Key");

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", server.mockReset());
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useCloud.setState(emptyCloud);
  useToasts.setState({ shown: [] });
  takeSnapshot([instanceForTest("a"), instanceForTest("b", "running")], base);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a start locks its instance until the server's event", async () => {
  server.mockResolvedValue(taken());
  const done = act("start", "a");
  expect(lockOf("a")).toBe("start");
  await done;
  expect(lockOf("a")).toBe("start");
  takeEvents([{ at: 1, event: eventForTest(1, "received", "start", instanceForTest("a", "stopped", "start"), "op") }]);
  expect(lockOf("a")).toBeNull();
  expect(toasts()).toEqual([]);
});

test("a refusal rolls back, says why, and is a line of its own in the Worklog", async () => {
  server.mockResolvedValue(refused("busy"));
  await act("stop", "b");
  expect(lockOf("b")).toBeNull();
  expect(toasts().map(({ tone, action }) => [tone, action])).toEqual([["bad", undefined]]);
  expect(toasts()[0]?.details).toBe("code: busy\ninstance: b\ndetail: In the server's words.");
  expect(useCloud.getState().refusals.map(({ code, instanceId }) => [code, instanceId])).toEqual([["busy", "b"]]);
  expect(useCloud.getState().worklog.lines).toEqual([]);
});

test("what the table forbids is not even asked for", async () => {
  await act("start", "b");
  await act("stop", "a");
  await act("remove", "gone");
  expect(server).not.toHaveBeenCalled();
});

test("a double click creates one instance", async () => {
  server.mockResolvedValue(taken("op", "new"));
  await Promise.all([create(), create()]);
  expect(server).toHaveBeenCalledTimes(1);
});

test("a create without an answer is tried again with the same key, the next one with another", async () => {
  server.mockRejectedValueOnce(new TypeError("network"));
  await create();
  expect(isCreating(useCloud.getState().commands)).toBe(false);
  server.mockImplementation(async () => taken("op", "new"));
  toasts()[0]?.action?.act();
  await vi.waitFor(() => expect(server).toHaveBeenCalledTimes(2));
  takeEvents([
    { at: 1, event: eventForTest(1, "received", "create", instanceForTest("new", "stopped", "create"), "op") },
  ]);
  await vi.waitFor(() => expect(isCreating(useCloud.getState().commands)).toBe(false));
  await create();
  expect(keyOf(0)).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOf(1)).toBe(keyOf(0));
  expect(keyOf(2)).not.toBe(keyOf(0));
});

test("a command of which nothing is heard is given up after 10 s", async () => {
  server.mockResolvedValue(taken());
  await act("start", "a");
  vi.advanceTimersByTime(9_999);
  expect(lockOf("a")).toBe("start");
  vi.advanceTimersByTime(1);
  expect(lockOf("a")).toBeNull();
  expect(useCloud.getState().refusals.map(({ code }) => code)).toEqual(["unheard"]);
});

test("a command for many asks only where it is possible, and tells once how it went", async () => {
  takeSnapshot([instanceForTest("a"), instanceForTest("b", "running"), instanceForTest("c")], base);
  server.mockImplementation(async (path) => (String(path).endsWith("/c") ? refused("version_conflict") : taken()));
  await actOnMany("start", ["a", "b", "c"]);
  expect(server.mock.calls.map(([path]) => path)).toEqual(["/api/cloud/instances/a", "/api/cloud/instances/c"]);
  expect(toasts().map(({ tone, details }) => [tone, details])).toEqual([
    ["bad", "code: version_conflict\ninstance: c\ndetail: In the server's words."],
  ]);
});
