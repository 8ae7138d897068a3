// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import type { Connection, ConnectionState, Wire } from "#/transport/types";

/** Which of this tab's connections it is: the event stream, the chat's socket, the wisdom's socket. */
export type WireName = "stream" | "chat" | "wisdom";

interface Store {
  wires: Partial<Record<WireName, Wire>>;
  states: Partial<Record<WireName, Connection>>;
  /** Things written here that the server has not got yet, by who waits. */
  waiting: Partial<Record<WireName, number>>;
  /** Those of them that do not go out by themselves any more: a person has to decide. */
  unsent: Partial<Record<WireName, number>>;
}

/** All connections of this tab, for the one indicator and the one banner. */
export const useConnections = create<Store>()(() => ({ wires: {}, states: {}, waiting: {}, unsent: {} }));

export function addWire(name: WireName, wire: Wire): void {
  const put = (state: Connection) => useConnections.setState((all) => ({ states: { ...all.states, [name]: state } }));
  useConnections.setState((all) => ({ wires: { ...all.wires, [name]: wire } }));
  put(wire.connection.getState());
  wire.connection.subscribe(put);
}

export function setWaiting(name: WireName, count: number, unsent = 0): void {
  useConnections.setState((all) => ({
    waiting: { ...all.waiting, [name]: count },
    unsent: { ...all.unsent, [name]: unsent },
  }));
}

export function tryAllNow(): void {
  for (const wire of Object.values(useConnections.getState().wires)) {
    wire.tryNow();
  }
}

// What a person has to know first comes first (ui.md 8.1).
const ranking: readonly ConnectionState[] = ["blocked", "offline", "retrying", "stale", "connecting", "live", "idle"];

/** The one that says most about how this tab is connected; null while there is none. */
export function worstOf(states: Store["states"]): Connection | null {
  const all = Object.values(states).filter((state) => state.state !== "idle");
  return all.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** By which transports this tab is in touch with the server, as they are called everywhere. */
export function waysOf({ stream, chat, wisdom }: Store["states"]): string[] {
  const isUsed = (one: Connection | undefined) => one !== undefined && one.state !== "idle";
  return [...(isUsed(stream) ? ["SSE"] : []), ...(isUsed(chat) || isUsed(wisdom) ? ["WebSocket"] : [])];
}

/** The shortest round trip that any of them knows: not every protocol can tell it. */
export function roundTripOf(states: Store["states"]): number | null {
  const known = Object.values(states).flatMap(({ state, rtt }) => (state === "live" ? (rtt ?? []) : []));
  return known.length > 0 ? Math.min(...known) : null;
}

function rank({ state }: Connection): number {
  return ranking.indexOf(state);
}

/** What this tab missed and got, over all of its connections. */
export interface Recovery {
  at: number;
  outage: number;
  complete: boolean;
  /** What came of the chat, and all the rest. */
  messages: number;
  events: number;
}

/** They come back one by one: those that did so within `together` ms of the last one are one recovery. */
export function recoveryOf(states: Store["states"], together: number): Recovery | null {
  const all = Object.entries(states).flatMap(([name, { recovery }]) => (recovery ? [{ name, ...recovery }] : []));
  const at = Math.max(...all.map((one) => one.at));
  const fresh = all.filter((one) => at - one.at <= together);
  const sum = (ones: typeof fresh) => ones.reduce((total, { events }) => total + events, 0);
  return fresh.length === 0
    ? null
    : {
        at,
        outage: Math.max(...fresh.map(({ outage }) => outage)),
        complete: fresh.every(({ complete }) => complete),
        messages: sum(fresh.filter(({ name }) => name === "chat")),
        events: sum(fresh.filter(({ name }) => name !== "chat")),
      };
}
