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
}

/** All connections of this tab, for the one indicator and the one banner. */
export const useConnections = create<Store>()(() => ({ wires: {}, states: {}, waiting: {} }));

export function addWire(name: WireName, wire: Wire): void {
  const put = (state: Connection) => useConnections.setState((all) => ({ states: { ...all.states, [name]: state } }));
  useConnections.setState((all) => ({ wires: { ...all.wires, [name]: wire } }));
  put(wire.connection.getState());
  wire.connection.subscribe(put);
}

export function setWaiting(name: WireName, count: number): void {
  useConnections.setState((all) => ({ waiting: { ...all.waiting, [name]: count } }));
}

export function tryAllNow(): void {
  for (const wire of Object.values(useConnections.getState().wires)) {
    wire.tryNow();
  }
}

// What a person has to know first comes first (ui.md 8.1).
const ranking: readonly ConnectionState[] = ["blocked", "offline", "retrying", "stale", "connecting", "live", "idle"];

/** The one that says most about how this tab is connected, of equals the last recovered one; null while there is none. */
export function worstOf(states: Store["states"]): Connection | null {
  const all = Object.values(states).filter((state) => state.state !== "idle");
  return all.sort((a, b) => rank(a) - rank(b) || recoveredAt(b) - recoveredAt(a))[0] ?? null;
}

/** The shortest round trip that any of them knows: not every protocol can tell it. */
export function roundTripOf(states: Store["states"]): number | null {
  const known = Object.values(states).flatMap(({ state, rtt }) => (state === "live" ? (rtt ?? []) : []));
  return known.length > 0 ? Math.min(...known) : null;
}

function rank({ state }: Connection): number {
  return ranking.indexOf(state);
}

function recoveredAt({ recovery }: Connection): number {
  return recovery?.at ?? 0;
}
