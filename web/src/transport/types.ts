// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";

/**
 * The state of a connection to the server.
 *
 *   idle        not started, or stopped
 *   connecting  the first attempt
 *   live        open, and something has arrived
 *   stale       open, but silent for 2.5 heartbeats
 *   retrying    lost; the next attempt is at `retryAt`, or under way (null)
 *   offline     the browser reports that there is no network
 *   blocked     reconnecting would not help: the user has to act (`reason`)
 */
export type ConnectionState = "idle" | "connecting" | "live" | "stale" | "retrying" | "offline" | "blocked";

/** Times are ms of this computer's clock. */
export interface ConnectionStatus {
  state: ConnectionState;
  /** Attempts since it was last live. */
  attempt: number;
  retryAt: number | null;
  /** When the connection was lost; null while it is not. */
  lostAt: number | null;
  /** To the second. */
  lastReceivedAt: number | null;
  /** The server announced a restart. */
  restarting: boolean;
  /** Why it is blocked: a code of the server, or `closed_<WebSocket close code>`. */
  reason: string | null;
  /** Round-trip time in ms, where it can be measured. */
  rtt: number | null;
  /** When the oldest unanswered ping was sent; null: none is outstanding. */
  pingedAt: number | null;
  /** The server's clock minus ours. */
  clockOffset: number | null;
  /** What the last reconnect recovered, and how long the outage was; null before the first one. */
  recovery: { events: number; outage: number; at: number; complete: boolean } | null;
}

/** One of this tab's connections: the event stream, the chat's socket, the wisdom's socket. */
export interface Transport {
  readonly status: StoreApi<ConnectionStatus>;
  /** Retries at once: "Try now", the network is back, the tab is shown. */
  tryNow(): void;
}

/** Clock, randomness and timers, injected so that tests control them. */
export interface Environment {
  now(): number;
  random(): number;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(timer: number): void;
}
