// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ConnectionStatus } from "#/transport/types";
import {
  addTransport,
  recoveryOf,
  roundTripOf,
  setWaiting,
  tryAllNow,
  useConnections,
  worstStatus,
} from "./connections";

const live: ConnectionStatus = {
  state: "live",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastReceivedAt: 1,
  restarting: false,
  reason: null,
  rtt: null,
  pingedAt: null,
  clockOffset: null,
  recovery: null,
};

beforeEach(() => useConnections.setState({ transports: {}, statuses: {}, waiting: {}, unsent: {}, unanswered: {} }));

describe("the connections of a tab", () => {
  test("follow their transports", () => {
    const status = createStore<ConnectionStatus>()(() => ({ ...live, state: "connecting" }));
    addTransport("stream", { status, tryNow: () => {} });
    expect(useConnections.getState().statuses.stream?.state).toBe("connecting");
    status.setState({ state: "live" });
    expect(useConnections.getState().statuses.stream?.state).toBe("live");
  });
  test("are all tried now", () => {
    const tried: string[] = [];
    const transport = (name: string) => ({
      status: createStore<ConnectionStatus>()(() => live),
      tryNow: () => tried.push(name),
    });
    addTransport("stream", transport("stream"));
    addTransport("chat", transport("chat"));
    tryAllNow();
    expect(tried).toEqual(["stream", "chat"]);
  });
  test("count what waits by who waits", () => {
    setWaiting("chat", 2);
    setWaiting("chat", 3, 1);
    expect(useConnections.getState().waiting).toEqual({ chat: 3 });
    expect(useConnections.getState().unsent).toEqual({ chat: 1 });
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
    expect(worstStatus({ stream: { ...live, state: better }, chat: { ...live, state: worse } })?.state).toBe(worse);
  });
  test("is none where nothing is wanted", () => {
    expect(worstStatus({})).toBeNull();
    expect(worstStatus({ stream: { ...live, state: "idle" } })).toBeNull();
  });
});

describe("what came back", () => {
  const chat = { ...live, recovery: { events: 3, outage: 9000, complete: true, at: 1000 } };
  const stream = { ...live, recovery: { events: 0, outage: 8000, complete: true, at: 1500 } };

  test("is nothing before the first loss", () => {
    expect(recoveryOf({ stream: live }, 6000)).toBeNull();
  });
  test("is the sum of all that came back together, whichever was the last", () => {
    expect(recoveryOf({ chat, stream }, 6000)).toEqual({
      at: 1500,
      outage: 9000,
      complete: true,
      messages: 3,
      events: 0,
    });
  });
  test("is not complete where one of them is not", () => {
    const cut = { ...chat, recovery: { ...chat.recovery, complete: false } };
    expect(recoveryOf({ chat: cut, stream }, 6000)?.complete).toBe(false);
  });
  test("leaves out what came back long before", () => {
    const later = { ...stream, recovery: { ...stream.recovery, at: 9000 } };
    expect(recoveryOf({ chat, stream: later }, 6000)?.messages).toBe(0);
  });
});

test("the round trip is the shortest that a live one knows", () => {
  expect(roundTripOf({})).toBeNull();
  expect(roundTripOf({ wisdom: live })).toBeNull();
  const gone = { ...live, state: "retrying", rtt: 1 } as const;
  expect(roundTripOf({ wisdom: live, stream: { ...live, rtt: 38 }, chat: gone })).toBe(38);
});
