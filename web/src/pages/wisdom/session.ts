// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Environment } from "#/transport/types";
import { emptyFeed, type Feed, withLate, withLateReset, withQuote } from "./feed";
import { type Frame, noFrames, withFrame } from "./frames";
import { type ClientMessageType, clientMessage, parseServerMessage } from "./protocol";

/** The state of the session; the protocol confirms `subscribe` and nothing else. */
export type Phase = "connecting" | "registered" | "subscribing" | "subscribed";

export interface Wisdom {
  phase: Phase;
  /** The client's id on this connection. */
  id: string | null;
  /** Whether the user wants quotes; kept over connections and reloads. */
  wanted: boolean;
  /** The user has unsubscribed in this visit. */
  hasUnsubscribed: boolean;
  feed: Feed;
  /** The newest quote at the time of pausing; null: not paused. */
  pausedAt: number | null;
  frames: readonly Frame[];
  /** Times are ms of this computer's clock. */
  lastPingAt: number | null;
  /** On this connection. */
  lastReceivedAt: number | null;
  /** When the server was last known to be alive, by data or by a health check. */
  lastActivityAt: number | null;
  /** Since when a request is unanswered; null: none is. A lost connection counts as unanswered. */
  unansweredSince: number | null;
  /** From `subscribe` to its confirmation: the only round-trip time that this protocol can measure. */
  rtt: number | null;
}

/** What the session needs of the socket; `send` returns whether it was open. */
export interface Connection {
  send(text: string): boolean;
  /** Closes the connection and opens another. */
  reopen(): void;
}

/** What the session needs of the page. */
export interface PageContext {
  /** Kept over reloads. */
  wanted: boolean;
  saveWanted(wanted: boolean): void;
  /** Whether the page is visible. */
  visible(): boolean;
  /** Sends a health check: this protocol has no pong. */
  checkServer(answered: () => void): void;
  serverNow(): number;
}

const pingInterval = 5000;
/** Quotes come every 10 s; after a longer silence the session probes the connection by subscribing once more. */
const silenceTime = 12_000;
/** A subscription that is not confirmed within this, in ms: the connection is half-open. */
const confirmTimeout = 10_000;

/** One client of the quotes: registers on every new connection, and subscribes again where that is wanted. */
export class Session {
  readonly store: StoreApi<Wisdom>;
  private timer: number | undefined;
  /** When each unconfirmed `subscribe` was sent. */
  private pendingSubscribes: number[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly environment: Environment,
    private readonly page: PageContext,
  ) {
    this.store = createStore<Wisdom>(() => ({
      phase: "connecting",
      id: null,
      wanted: page.wanted,
      hasUnsubscribed: false,
      feed: emptyFeed,
      pausedAt: null,
      frames: noFrames,
      lastPingAt: null,
      lastReceivedAt: null,
      lastActivityAt: null,
      unansweredSince: null,
      rtt: null,
    }));
  }

  receive(text: string): void {
    this.logFrame("in", text);
    const now = this.environment.now();
    this.store.setState({ lastReceivedAt: now, lastActivityAt: now, unansweredSince: null });
    const message = parseServerMessage(text);
    switch (message?.type) {
      case "initial":
        this.onRegistered(message.payload.id);
        break;
      case "subscribe_confirmation":
        this.onConfirmed();
        break;
      case "wisdom_distribution":
        this.addQuote(message.payload.message);
        break;
    }
  }

  closed(): void {
    this.environment.clearTimeout(this.timer ?? 0);
    this.pendingSubscribes = [];
    this.markUnanswered();
    this.store.setState({ phase: "connecting", id: null, lastPingAt: null, rtt: null });
  }

  subscribe(): void {
    this.setWanted(true);
    if (this.store.getState().phase === "registered") {
      this.sendSubscribe();
      this.store.setState({ phase: "subscribing" });
    }
  }

  /** Takes effect at once: the protocol has no confirmation for it. */
  unsubscribe(): void {
    this.setWanted(false);
    this.store.setState(({ feed }) => ({ hasUnsubscribed: true, feed: withLateReset(feed) }));
    if (this.store.getState().phase !== "connecting") {
      this.send("unsubscribe");
      this.store.setState({ phase: "registered" });
    }
  }

  /** Sends `disconnect`, so that the server need not detect the loss. */
  leave(): void {
    if (this.store.getState().phase !== "connecting") {
      this.send("disconnect");
    }
    this.closed();
    this.store.setState({ lastActivityAt: null, unansweredSince: null });
  }

  setPaused(paused: boolean): void {
    this.store.setState(({ feed }) => ({ pausedAt: paused ? (feed.quotes[0]?.number ?? 0) : null }));
  }

  private setWanted(wanted: boolean): void {
    this.page.saveWanted(wanted);
    this.store.setState({ wanted });
  }

  private onRegistered(id: string): void {
    this.pendingSubscribes = [];
    this.store.setState({ phase: "registered", id });
    this.send("connect");
    this.schedulePing();
    if (this.store.getState().wanted) {
      this.subscribe();
    }
  }

  private onConfirmed(): void {
    const sent = this.pendingSubscribes.shift();
    if (sent !== undefined) {
      this.store.setState({ rtt: this.environment.now() - sent });
    }
    // After "subscribe, unsubscribe, subscribe" the first confirmation is not the one that counts.
    if (this.store.getState().phase === "subscribing" && this.pendingSubscribes.length === 0) {
      this.store.setState({ phase: "subscribed" });
    }
  }

  private addQuote(text: string): void {
    const { wanted, pausedAt } = this.store.getState();
    const watched = pausedAt === null && this.page.visible();
    this.store.setState(({ feed }) => ({
      feed: wanted ? withQuote(feed, text, this.page.serverNow(), watched) : withLate(feed),
    }));
  }

  private schedulePing(): void {
    this.environment.clearTimeout(this.timer ?? 0);
    this.timer = this.environment.setTimeout(() => {
      if (this.send("ping")) {
        this.store.setState({ lastPingAt: this.environment.now() });
        this.checkServer();
      }
      this.schedulePing();
      this.checkSilence();
    }, pingInterval);
  }

  private checkSilence(): void {
    const state = this.store.getState();
    const now = this.environment.now();
    const isSilent = state.phase === "subscribed" && now - (state.lastReceivedAt ?? now) >= silenceTime;
    if (now - (this.pendingSubscribes.at(-1) ?? now) >= confirmTimeout) {
      this.connection.reopen();
    } else if (isSilent && this.pendingSubscribes.length === 0) {
      this.sendSubscribe();
    }
  }
  private checkServer(): void {
    if (!this.page.visible()) {
      return;
    }
    this.markUnanswered();
    // A health check does not answer a `subscribe` on the socket.
    this.page.checkServer(() =>
      this.store.setState({
        lastActivityAt: this.environment.now(),
        unansweredSince: this.pendingSubscribes[0] ?? null,
      }),
    );
  }
  private markUnanswered(): void {
    this.store.setState(({ unansweredSince }) => ({ unansweredSince: unansweredSince ?? this.environment.now() }));
  }

  private sendSubscribe(): void {
    this.markUnanswered();
    this.pendingSubscribes.push(this.environment.now());
    this.send("subscribe");
  }

  private send(type: ClientMessageType): boolean {
    const text = clientMessage(type, this.store.getState().id ?? "");
    const sent = this.connection.send(text);
    if (sent) {
      this.logFrame("out", text);
    }
    return sent;
  }

  private logFrame(direction: Frame["direction"], text: string): void {
    const frame = { direction, text, at: this.page.serverNow() };
    this.store.setState(({ frames }) => ({ frames: withFrame(frames, frame) }));
  }
}
