// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import type { Connection } from "#/transport/types";
import { addWire, roundTripOf, setWaiting, tryAllNow, useConnections, worstOf } from "./connections";

const live: Connection = {
  state: "live",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastHeardAt: 1,
  restarting: false,
  reason: null,
  rtt: null,
  clockOffset: null,
  recovery: null,
};

beforeEach(() => useConnections.setState({ wires: {}, states: {}, waiting: {} }));

describe("the connections of a tab", () => {
  test("follow their wires", () => {
    const connection = createStore<Connection>()(() => ({ ...live, state: "connecting" }));
    addWire("stream", { connection, tryNow: () => {} });
    expect(useConnections.getState().states.stream?.state).toBe("connecting");
    connection.setState({ state: "live" });
    expect(useConnections.getState().states.stream?.state).toBe("live");
  });
  test("are all tried now", () => {
    const tried: string[] = [];
    const wire = (name: string) => ({
      connection: createStore<Connection>()(() => live),
      tryNow: () => tried.push(name),
    });
    addWire("stream", wire("stream"));
    addWire("chat", wire("chat"));
    tryAllNow();
    expect(tried).toEqual(["stream", "chat"]);
  });
  test("count what waits by who waits", () => {
    setWaiting("chat", 2);
    setWaiting("chat", 1);
    expect(useConnections.getState().waiting).toEqual({ chat: 1 });
  });
});

describe("the worst of them", () => {
  test.each([
    ["blocked", "offline"],
    ["offline", "retrying"],
    ["retrying", "stale"],
    ["stale", "connecting"],
    ["connecting", "live"],
  ] as const)("is %s before %s", (worse, better) => {
    expect(worstOf({ stream: { ...live, state: better }, chat: { ...live, state: worse } })?.state).toBe(worse);
  });
  test("is none where nothing is wanted", () => {
    expect(worstOf({})).toBeNull();
    expect(worstOf({ stream: { ...live, state: "idle" } })).toBeNull();
  });
  test("is the one that came back last where all are well", () => {
    const recovery = { events: 3, outage: 1, complete: true };
    const early = { ...live, recovery: { ...recovery, at: 1 } };
    const late = { ...live, recovery: { ...recovery, at: 2 } };
    expect(worstOf({ wisdom: live, stream: early, chat: late })).toBe(late);
  });
});

test("the round trip is the shortest that a live one knows", () => {
  expect(roundTripOf({})).toBeNull();
  expect(roundTripOf({ wisdom: live })).toBeNull();
  const gone = { ...live, state: "retrying", rtt: 1 } as const;
  expect(roundTripOf({ wisdom: live, stream: { ...live, rtt: 38 }, chat: gone })).toBe(38);
});
