// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import { backoff, restartDelay } from "./backoff";
import type { Browser } from "./browser";
import { Timer } from "./timer";
import type { ConnectionStatus, Environment, Transport } from "./types";
import { Watchdog } from "./watchdog";

/** What the policy opens and closes: one socket or stream. */
export interface Connection {
  /** Makes a new attempt; what is left of an older one is discarded. */
  open(): void;
  close(): void;
  /** Sends a ping, where the protocol has one. */
  probe?(): void;
}

export interface ReconnectPolicyOptions {
  environment: Environment;
  browser: Browser;
  connection: Connection;
  /** The longest silence of a live server, in ms; null: silence means nothing. */
  heartbeat: number | null;
}

/** What the server said about reconnecting before the connection was lost. */
export interface RetryHint {
  restarting?: boolean;
  /** Not before this many ms. */
  notBefore?: number;
}

/** An attempt without a response after this, in ms, has failed. */
const openTimeout = 10_000;
/** A connection shorter than this, in ms, does not reset the failure count: a server may accept and drop. */
const stableTime = 5000;
/** A restarting server gets this many quick attempts; after them it is retried like any other. */
const quickAttempts = 10;
/** The resolution of `lastReceivedAt`, in ms. */
const resolution = 1000;

const idle: ConnectionStatus = {
  state: "idle",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastReceivedAt: null,
  restarting: false,
  reason: null,
  rtt: null,
  pingedAt: null,
  clockOffset: null,
  recovery: null,
};

/**
 * The state machine of one connection (states: types.ts). The transports report what they see; only the policy decides when
 * to open, to close, to wait and to give up.
 */
export class ReconnectPolicy implements Transport {
  readonly status: StoreApi<ConnectionStatus> = createStore<ConnectionStatus>()(() => idle);
  private readonly environment: Environment;
  private readonly browser: Browser;
  private readonly connection: Connection;
  private readonly retryTimer: Timer;
  private readonly watchdog: Watchdog;
  private stopWatching: (() => void) | null = null;
  private failures = 0;
  private liveSince: number | null = null;
  /** When the connection was lost, until `recovered` reports that everything missed has come. */
  private outageFrom: number | null = null;

  constructor({ environment, browser, connection, heartbeat }: ReconnectPolicyOptions) {
    this.environment = environment;
    this.browser = browser;
    this.connection = connection;
    this.retryTimer = new Timer(environment);
    this.watchdog = new Watchdog(environment, heartbeat, {
      stale: () => this.onStale(),
      dead: () => this.lost(),
    });
  }

  get state(): ConnectionStatus["state"] {
    return this.status.getState().state;
  }

  /** From `idle` or `blocked`: connects at once. */
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
    this.update({ ...idle, state: "connecting", recovery: this.status.getState().recovery });
    this.open();
  }
  /** Closes, and goes back to `idle`. */
  stop(): void {
    this.halt();
    this.unwatch();
    this.outageFrom = null;
    this.update({ ...idle, recovery: this.status.getState().recovery });
  }
  /** Opens a new connection without counting a loss: what is subscribed has changed. */
  reopen(): void {
    if (this.state === "idle" || this.state === "blocked" || this.retryTimer.running) {
      return;
    }
    this.connection.close();
    this.open();
  }
  tryNow(): void {
    if (this.state === "retrying" || this.state === "offline" || this.state === "stale") {
      this.reconnect();
    }
  }

  /** Something arrived from the server. */
  received(): void {
    const now = this.environment.now();
    if (this.state === "idle" || this.state === "blocked") {
      return;
    }
    this.watchdog.received();
    const { state, lastReceivedAt } = this.status.getState();
    if (state === "live") {
      // Each change renders the components that show it, and a server may send a thousand messages in a second.
      if (lastReceivedAt === null || now - lastReceivedAt >= resolution) {
        this.update({ lastReceivedAt: now });
      }
      return;
    }
    this.liveSince ??= now;
    this.update({ state: "live", lastReceivedAt: now, attempt: 0, retryAt: null, lostAt: null, restarting: false });
  }
  /** The server announced its longest silence, in ms. */
  setHeartbeat(heartbeat: number): void {
    if (this.isLive) {
      this.watchdog.setHeartbeat(heartbeat);
    }
  }
  /** Replay has ended: `events` were recovered; `complete` is false where some were gone. */
  recovered(events: number, complete: boolean): void {
    if (this.outageFrom !== null) {
      const at = this.environment.now();
      this.update({ recovery: { events, outage: at - this.outageFrom, at, complete } });
      this.outageFrom = null;
    }
  }
  /** The connection was lost, or the attempt failed. */
  lost({ restarting = false, notBefore = 0 }: RetryHint = {}): void {
    if (this.state === "idle" || this.state === "blocked") {
      return;
    }
    const { environment } = this;
    this.failures = this.livedFor() >= stableTime ? 1 : this.failures + 1;
    this.halt();
    const isRestarting = restarting || this.status.getState().restarting;
    const random = environment.random();
    const isQuick = isRestarting && this.failures <= quickAttempts;
    const wait = Math.max(notBefore, isQuick ? restartDelay(random) : backoff(this.failures, random));
    const retryAt = this.isOffline ? null : environment.now() + wait;
    this.update({
      ...this.lossTime(),
      state: this.isOffline ? "offline" : "retrying",
      retryAt,
      restarting: isRestarting,
    });
    // Offline it retries without showing it: the browser's state says nothing about a server on this machine.
    this.retryTimer.set(wait, () => this.reconnect());
  }
  /** Reconnecting would not help. */
  block(reason: string): void {
    this.halt();
    this.unwatch();
    this.update({ ...this.lossTime(), state: "blocked", retryAt: null, restarting: false, reason });
  }
  /** New measurements of the connection. */
  measured(values: Partial<Pick<ConnectionStatus, "rtt" | "pingedAt" | "clockOffset">>): void {
    this.update(values);
  }

  private onStale(): void {
    if (this.state === "live") {
      this.update({ state: "stale" });
    }
  }
  // The connection is kept: if the browser is wrong, the next message of the server shows it.
  private onOffline(): void {
    if (this.state !== "blocked") {
      this.update({ ...this.lossTime(), state: "offline", retryAt: null });
    }
  }
  private onOnline(): void {
    if (this.state === "offline") {
      this.reconnect();
    }
  }
  private onShown(): void {
    if (this.state === "retrying" || this.state === "offline") {
      this.reconnect();
    } else if (this.isLive) {
      this.watchdog.probe();
      this.connection.probe?.();
    }
  }

  private reconnect(): void {
    const attempt = this.status.getState().attempt + 1;
    this.connection.close();
    this.update({ ...this.lossTime(), state: this.isOffline ? "offline" : "retrying", retryAt: null, attempt });
    this.open();
  }
  private open(): void {
    this.retryTimer.cancel();
    this.watchdog.expect(openTimeout);
    this.connection.open();
  }
  private halt(): void {
    this.retryTimer.cancel();
    this.watchdog.stop();
    this.connection.close();
    this.liveSince = null;
  }
  private unwatch(): void {
    this.stopWatching?.();
    this.stopWatching = null;
  }
  private livedFor(): number {
    return this.liveSince === null ? 0 : this.environment.now() - this.liveSince;
  }
  private get isLive(): boolean {
    return this.state === "live" || this.state === "stale";
  }
  private get isOffline(): boolean {
    return !this.browser.online;
  }
  /** Since when the connection has been lost: the first of consecutive losses counts. */
  private lossTime(): Pick<ConnectionStatus, "lostAt"> {
    const lostAt = this.status.getState().lostAt ?? this.environment.now();
    this.outageFrom ??= lostAt;
    return { lostAt };
  }
  private update(change: Partial<ConnectionStatus>): void {
    this.status.setState(change);
  }
}
