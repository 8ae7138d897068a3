// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import { backoff, restartDelay } from "./backoff";
import type { Browser } from "./browser";
import { Timer } from "./timer";
import type { Connection, Surroundings, Wire } from "./types";
import { Watchdog } from "./watchdog";

/** What the machine rules: one socket or stream. */
export interface Line {
  /** Makes a new attempt; what is still there of an older one is gone for good. */
  open(): void;
  close(): void;
  /** Asks the server for a sign of life, where the protocol has a way. */
  probe?(): void;
}

export interface MachineOptions {
  surroundings: Surroundings;
  browser: Browser;
  line: Line;
  /** The server is never silent for longer than this, in ms; null: it may be, and silence means nothing. */
  heartbeat: number | null;
}

/** What a lost connection said about coming back. */
export interface Farewell {
  restarting?: boolean;
  /** Not before this many ms. */
  notBefore?: number;
}

/** An attempt that has not been answered after this, in ms, is given up. */
const openTime = 10_000;
/** A connection that lived for less than this, in ms, does not end the row of failures: a server may accept and drop. */
const stableTime = 5000;
/** A server that restarts is back after a few quick attempts; one that is not is waited for like any other. */
const quickAttempts = 10;
/** To how many ms it is told when something was heard last. */
const fineness = 1000;

const nothing: Connection = {
  state: "idle",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastHeardAt: null,
  restarting: false,
  reason: null,
  rtt: null,
  clockOffset: null,
  recovery: null,
};

/**
 * Where one connection stands and what is done about it (the table of states: types.ts). The transports tell it what they
 * see; it tells them when to open and to close, and nobody else decides that.
 */
export class Machine implements Wire {
  readonly connection: StoreApi<Connection> = createStore<Connection>()(() => nothing);
  private readonly surroundings: Surroundings;
  private readonly browser: Browser;
  private readonly line: Line;
  private readonly retry: Timer;
  private readonly watchdog: Watchdog;
  private stopWatching: (() => void) | null = null;
  private failures = 0;
  private liveSince: number | null = null;
  /** When the connection was lost whose return has not been told by `recovered` yet. */
  private outageFrom: number | null = null;

  constructor({ surroundings, browser, line, heartbeat }: MachineOptions) {
    this.surroundings = surroundings;
    this.browser = browser;
    this.line = line;
    this.retry = new Timer(surroundings);
    this.watchdog = new Watchdog(surroundings, heartbeat, {
      stale: () => this.onStale(),
      dead: () => this.lost(),
    });
  }

  get state(): Connection["state"] {
    return this.connection.getState().state;
  }

  /** From `idle` or `blocked`: tries at once. */
  start(): void {
    if (this.state !== "idle" && this.state !== "blocked") {
      return;
    }
    this.stopWatching ??= this.browser.watch({
      offline: () => this.onOffline(),
      online: () => this.onOnline(),
      shown: () => this.onShown(),
    });
    this.failures = 0;
    this.put({ ...nothing, state: "connecting", recovery: this.connection.getState().recovery });
    this.open();
  }
  /** Nothing is wanted any more. */
  stop(): void {
    this.halt();
    this.unwatch();
    this.outageFrom = null;
    this.put({ ...nothing, recovery: this.connection.getState().recovery });
  }
  /** Opens anew without a loss: what is asked of the server has changed. */
  reopen(): void {
    if (this.state === "idle" || this.state === "blocked" || this.retry.running) {
      return;
    }
    this.line.close();
    this.open();
  }
  tryNow(): void {
    if (this.state === "retrying" || this.state === "offline" || this.state === "stale") {
      this.again();
    }
  }

  /** The server said something. */
  heard(): void {
    const now = this.surroundings.now();
    if (this.state === "idle" || this.state === "blocked") {
      return;
    }
    this.watchdog.heard();
    const { state, lastHeardAt } = this.connection.getState();
    if (state === "live") {
      // Whoever watches this is drawn anew by it, and a server may say a thousand things in a second.
      if (lastHeardAt === null || now - lastHeardAt >= fineness) {
        this.put({ lastHeardAt: now });
      }
      return;
    }
    this.liveSince ??= now;
    this.put({ state: "live", lastHeardAt: now, attempt: 0, retryAt: null, lostAt: null, restarting: false });
  }
  /** The server said how long it is silent at most, in ms. */
  expectEvery(heartbeat: number): void {
    if (this.isLive) {
      this.watchdog.expectEvery(heartbeat);
    }
  }
  /** All that was missed has come: `events` of them, or not all of it (`complete`). */
  recovered(events: number, complete: boolean): void {
    if (this.outageFrom !== null) {
      const at = this.surroundings.now();
      this.put({ recovery: { events, outage: at - this.outageFrom, at, complete } });
      this.outageFrom = null;
    }
  }
  /** It is gone, or the attempt failed. */
  lost({ restarting = false, notBefore = 0 }: Farewell = {}): void {
    if (this.state === "idle" || this.state === "blocked") {
      return;
    }
    const { surroundings } = this;
    this.failures = this.livedFor() >= stableTime ? 1 : this.failures + 1;
    this.halt();
    const said = restarting || this.connection.getState().restarting;
    const chance = surroundings.random();
    const soon = said && this.failures <= quickAttempts;
    const wait = Math.max(notBefore, soon ? restartDelay(chance) : backoff(this.failures, chance));
    const retryAt = this.isOffline ? null : surroundings.now() + wait;
    this.put({ ...this.loss(), state: this.isOffline ? "offline" : "retrying", retryAt, restarting: said });
    // Offline it goes on trying, without a word of it: the browser knows nothing of a server on this machine.
    this.retry.set(wait, () => this.again());
  }
  /** Coming back would not help. */
  blocked(reason: string): void {
    this.halt();
    this.unwatch();
    this.put({ ...this.loss(), state: "blocked", retryAt: null, restarting: false, reason });
  }
  /** What was measured on the way. */
  measured(values: Partial<Pick<Connection, "rtt" | "clockOffset">>): void {
    this.put(values);
  }

  private onStale(): void {
    if (this.state === "live") {
      this.put({ state: "stale" });
    }
  }
  // The connection is kept: should the browser be wrong, the next sign of the server says so.
  private onOffline(): void {
    if (this.state !== "blocked") {
      this.put({ ...this.loss(), state: "offline", retryAt: null });
    }
  }
  private onOnline(): void {
    if (this.state === "offline") {
      this.again();
    }
  }
  private onShown(): void {
    if (this.state === "retrying" || this.state === "offline") {
      this.again();
    } else if (this.isLive) {
      this.watchdog.doubt();
      this.line.probe?.();
    }
  }

  private again(): void {
    const attempt = this.connection.getState().attempt + 1;
    this.line.close();
    this.put({ ...this.loss(), state: this.isOffline ? "offline" : "retrying", retryAt: null, attempt });
    this.open();
  }
  private open(): void {
    this.retry.cancel();
    this.watchdog.expect(openTime);
    this.line.open();
  }
  private halt(): void {
    this.retry.cancel();
    this.watchdog.stop();
    this.line.close();
    this.liveSince = null;
  }
  private unwatch(): void {
    this.stopWatching?.();
    this.stopWatching = null;
  }
  private livedFor(): number {
    return this.liveSince === null ? 0 : this.surroundings.now() - this.liveSince;
  }
  private get isLive(): boolean {
    return this.state === "live" || this.state === "stale";
  }
  private get isOffline(): boolean {
    return !this.browser.online;
  }
  /** Since when it has been gone: the first loss of a row counts. */
  private loss(): Pick<Connection, "lostAt"> {
    const lostAt = this.connection.getState().lostAt ?? this.surroundings.now();
    this.outageFrom ??= lostAt;
    return { lostAt };
  }
  private put(change: Partial<Connection>): void {
    this.connection.setState(change);
  }
}
