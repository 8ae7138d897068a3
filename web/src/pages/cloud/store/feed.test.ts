// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Follower, LiveEvent } from "#/live/types";
import { announce } from "#/ui/announcer";
import { useToasts } from "#/ui/toast";
import { accept, begin, emptyCloud, useCloud } from "./cloud";
import { loadOlder, startFeed } from "./feed";

let follower: Follower;
vi.mock("#/live/live", () => ({
  follow: (given: Follower) => {
    follower = given;
    return () => {};
  },
}));
vi.mock("#/ui/announcer", () => ({ announce: vi.fn() }));

const signal = new AbortController().signal;
const notice = (state: string, error?: string) =>
  `{"opId":"op","kind":"start","durationMs":1,"door":"api",${error ? `"error":"${error}",` : ""}"instance":{"id":"23186bf2-2418","state":"${state}","timestamp":"2026-11-21T09:51:46.551Z"}}`;
const live = (offset: number, type: string, data: string): LiveEvent => ({
  topic: "howl:cloud",
  epoch: "aaaa",
  offset,
  type,
  time: offset * 1000,
  data,
  cursor: { durableEpoch: "aaaa", durable: offset, volatileEpoch: "bbbb", volatile: 0 },
});

/** A server whose log has 1000 events, the first 100 of which are not kept any more. */
const server = vi.fn(async (path: string) => {
  if (path === "/api/cloud/instances") {
    return Response.json([{ id: "23186bf2-2418", state: "stopped", timestamp: "2026-11-21T09:51:46.551Z" }], {
      headers: { "Howl-Cursor": "aaaa.1000.bbbb.0" },
    });
  }
  const query = new URL(path, "http://howl/").searchParams;
  const from = Math.max(100, Number(query.get("after"))) + 1;
  const count = Math.max(0, Math.min(Number(query.get("limit")), 1001 - from));
  const events = Array.from({ length: count }, (_, at) => ({
    offset: from + at,
    type: "received",
    time: "2026-11-21T09:51:46.551Z",
    data: notice("stopped"),
  }));
  return Response.json({ epoch: "aaaa", firstOffset: 101, lastOffset: 1000, more: false, events });
});
const offsets = () => useCloud.getState().worklog.lines.map(({ offset }) => offset);

beforeEach(() => {
  vi.stubGlobal("fetch", server);
  vi.mocked(announce).mockClear();
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useCloud.setState(emptyCloud);
  useToasts.setState({ shown: [] });
  startFeed();
});
afterEach(() => vi.unstubAllGlobals());

test("the snapshot gives the list, the cursor to go on from, and the end of the log", async () => {
  expect(await follower.snapshot?.(signal)).toBe("aaaa.1000.bbbb.0");
  expect([...useCloud.getState().fleet.known.keys()]).toEqual(["23186bf2-2418"]);
  await vi.waitFor(() => expect(offsets().length).toBe(300));
  follower.onEvents([live(1001, "started", notice("running"))]);
  expect([offsets()[0], offsets().at(-1)]).toEqual([701, 1001]);
  expect(useCloud.getState().fleet.known.get("23186bf2-2418")?.instance.state).toBe("running");
});

test("the log is read backwards, page by page, to the oldest event that is kept", async () => {
  await follower.snapshot?.(signal);
  await vi.waitFor(() => expect(offsets().length).toBe(300));
  for (let page = 0; page < 5; page++) {
    await loadOlder(signal);
  }
  expect(offsets()).toEqual(Array.from({ length: 900 }, (_, at) => 101 + at));
});

test("a list that cannot be had is trouble until it can", async () => {
  server.mockImplementationOnce(async () => Response.json({ code: "draining" }, { status: 503 }));
  await expect(follower.snapshot?.(signal)).rejects.toThrow("draining");
  expect(useCloud.getState().error).not.toBeNull();
  await follower.snapshot?.(signal);
  expect(useCloud.getState().error).toBeNull();
});

test("an outcome is announced once; a received command is not", () => {
  follower.onEvents([live(1, "received", notice("stopped")), live(2, "started", notice("running"))]);
  expect(vi.mocked(announce).mock.calls).toEqual([["Instance 23186bf2… started"]]);
});

test("only a failure of what was asked for here is shown", () => {
  follower.onEvents([live(1, "failed", notice("stopped", "system"))]);
  expect(useToasts.getState().shown).toEqual([]);
  begin({ key: "k", kind: "start", instanceId: "23186bf2-2418", operationId: null, confirmed: false });
  accept("k", { operationId: "op2", instanceId: "23186bf2-2418" });
  follower.onEvents([live(2, "failed", notice("stopped", "system").replace('"op"', '"op2"'))]);
  expect(useToasts.getState().shown.map(({ details }) => details)).toEqual([
    "code: system\ninstance: 23186bf2-2418\noperation: op2",
  ]);
});

test("an event that a newer server sends does no harm", () => {
  follower.onEvents([live(1, "resized", notice("running")), live(2, "started", "no JSON")]);
  expect(offsets()).toEqual([]);
});
