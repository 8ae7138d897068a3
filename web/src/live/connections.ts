// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import type { ConnectionState, ConnectionStatus, Transport } from "#/transport/types";

/** Which of this tab's connections it is: the event stream, the chat's socket, the wisdom's socket. */
export type TransportName = "stream" | "chat" | "wisdom";

/** Who waits for answers of the server: HTTP requests, or a session over a socket. */
type Requester = "requests" | "chat" | "wisdom";

interface Store {
  transports: Partial<Record<TransportName, Transport>>;
  statuses: Partial<Record<TransportName, ConnectionStatus>>;
  /** How many items are waiting to be sent. */
  waiting: Partial<Record<TransportName, number>>;
  /** How many of them are not sent without the user's decision. */
  unsent: Partial<Record<TransportName, number>>;
  /** Since when the oldest request has been unanswered, ms of this computer's clock. */
  unanswered: Partial<Record<Requester, number | null>>;
}

/** All connections of this tab, for the one indicator and the one banner. */
export const useConnections = create<Store>()(() => ({
  transports: {},
  statuses: {},
  waiting: {},
  unsent: {},
  unanswered: {},
}));

export function addTransport(name: TransportName, transport: Transport): void {
  const put = (state: ConnectionStatus) =>
    useConnections.setState((all) => ({ statuses: { ...all.statuses, [name]: state } }));
  useConnections.setState((all) => ({ transports: { ...all.transports, [name]: transport } }));
  put(transport.status.getState());
  transport.status.subscribe(put);
}

export function setWaiting(name: TransportName, count: number, unsent = 0): void {
  useConnections.setState((all) => ({
    waiting: { ...all.waiting, [name]: count },
    unsent: { ...all.unsent, [name]: unsent },
  }));
}

export function setUnanswered(requester: Requester, since: number | null): void {
  useConnections.setState(({ unanswered }) =>
    (unanswered[requester] ?? null) === since ? {} : { unanswered: { ...unanswered, [requester]: since } },
  );
}

/** Since when the oldest request of this tab has been unanswered; null: none is. */
export function unansweredSince({ statuses, unanswered }: Pick<Store, "statuses" | "unanswered">): number | null {
  const pings = Object.values(statuses).map(({ state, pingedAt }) => (state === "live" ? pingedAt : null));
  const all = [...Object.values(unanswered), ...pings].filter((since) => since !== null);
  return all.length > 0 ? Math.min(...all) : null;
}

export function tryAllNow(): void {
  for (const transport of Object.values(useConnections.getState().transports)) {
    transport.tryNow();
  }
}

// The most serious first: the indicator and the banner show one state for all connections.
const ranking: readonly ConnectionState[] = ["blocked", "offline", "retrying", "stale", "connecting", "live", "idle"];

/** The status to show for this tab: that of its most serious connection; null while there is none. */
export function worstStatus(states: Store["statuses"]): ConnectionStatus | null {
  const all = Object.values(states).filter((state) => state.state !== "idle");
  return all.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** The transports in use, by their usual names. */
export function transportLabels({ stream, chat, wisdom }: Store["statuses"]): string[] {
  const isUsed = (one: ConnectionStatus | undefined) => one !== undefined && one.state !== "idle";
  return [...(isUsed(stream) ? ["SSE"] : []), ...(isUsed(chat) || isUsed(wisdom) ? ["WebSocket"] : [])];
}

/** The shortest round-trip time that any of them measured: not every protocol can measure it. */
export function roundTripOf(states: Store["statuses"]): number | null {
  const known = Object.values(states).flatMap(({ state, rtt }) => (state === "live" ? (rtt ?? []) : []));
  return known.length > 0 ? Math.min(...known) : null;
}

function rank({ state }: ConnectionStatus): number {
  return ranking.indexOf(state);
}

/** What this tab recovered after an outage, over all of its connections. */
export interface Recovery {
  at: number;
  outage: number;
  complete: boolean;
  /** Chat messages, and the events of all other connections. */
  messages: number;
  events: number;
}

/** Connections recover one by one: those within `together` ms of the last one count as one recovery. */
export function recoveryOf(states: Store["statuses"], together: number): Recovery | null {
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
