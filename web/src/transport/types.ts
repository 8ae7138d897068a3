// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";

/**
 * Where a connection to the server stands.
 *
 *   idle        nothing is wanted from the server
 *   connecting  first start
 *   live        open, and it has said something
 *   stale       open, but silent for 2.5 heartbeats
 *   retrying    gone; the next attempt is at `retryAt`, or under way (null)
 *   offline     the browser says that there is no network
 *   blocked     coming back would not help: a person has to do something (`reason`)
 */
export type ConnectionState = "idle" | "connecting" | "live" | "stale" | "retrying" | "offline" | "blocked";

/** Times are ms of this machine's clock. */
export interface Connection {
  state: ConnectionState;
  /** Attempts since it was last live. */
  attempt: number;
  retryAt: number | null;
  /** When the connection was lost that is being mended. */
  lostAt: number | null;
  /** To the second. */
  lastHeardAt: number | null;
  /** The server said that it restarts. */
  restarting: boolean;
  /** Why it is blocked: a code of the server, or `closed_<WebSocket close code>`. */
  reason: string | null;
  /** Round trip, where it can be measured. */
  rtt: number | null;
  /** The server's clock minus ours. */
  clockOffset: number | null;
  /** What the last reconnection brought, and how long the outage was; null before the first one. */
  recovery: { events: number; outage: number; at: number; complete: boolean } | null;
}

/** One connection of this tab: the event stream, the chat's socket, the wisdom's socket. */
export interface Wire {
  readonly connection: StoreApi<Connection>;
  /** Retries at once: "Try now", the network is back, the tab is shown. */
  tryNow(): void;
}

/** Time and chance, injected so that tests rule both. */
export interface Surroundings {
  now(): number;
  random(): number;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(timer: number): void;
}
