// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Surroundings } from "#/transport/types";
import { emptyFeed, type Feed, left, withLate, withQuote } from "./feed";
import { type Frame, noFrames, withFrame } from "./frames";
import { say, understand, type Word } from "./protocol";
import { pulseOf } from "./pulse";

/** Where we stand with the server; the protocol confirms `subscribe` and nothing else. */
export type Phase = "connecting" | "registered" | "subscribing" | "subscribed";

export interface Wisdom {
  phase: Phase;
  /** What the server calls us on this connection. */
  id: string | null;
  /** What the person wants; it outlives connections and reloads. */
  wanted: boolean;
  /** The person has unsubscribed in this visit. */
  hasLeft: boolean;
  feed: Feed;
  /** The newest quote when the person paused; null: not paused. */
  pausedAt: number | null;
  frames: readonly Frame[];
  /** Times are ms of this machine's clock. */
  lastPingAt: number | null;
  lastHeardAt: number | null;
  /** From `subscribe` to its confirmation: the one round trip that this protocol shows. */
  rtt: number | null;
}

/** What the session needs of a socket; sending answers whether it was open. */
export interface Line {
  send(text: string): boolean;
  /** Drops the connection and makes another. */
  reopen(): void;
}

/** What the session needs of the page. */
export interface Page {
  /** Kept over reloads. */
  wanted: boolean;
  keepWanted(wanted: boolean): void;
  /** Somebody can see it. */
  visible(): boolean;
  serverNow(): number;
}

export const pingInterval = 5000;
/** A subscription that has not been confirmed after this, in ms, never will be: the connection only looks open. */
const confirmTime = 10_000;

/** One visitor of the wolves: registers on every new connection, and subscribes again where that is wanted. */
export class Session {
  readonly store: StoreApi<Wisdom>;
  private timer: number | undefined;
  /** When each `subscribe` was sent that has not been confirmed. */
  private asked: number[] = [];

  constructor(
    private readonly line: Line,
    private readonly around: Surroundings,
    private readonly page: Page,
  ) {
    this.store = createStore<Wisdom>(() => ({
      phase: "connecting",
      id: null,
      wanted: page.wanted,
      hasLeft: false,
      feed: emptyFeed,
      pausedAt: null,
      frames: noFrames,
      lastPingAt: null,
      lastHeardAt: null,
      rtt: null,
    }));
  }

  heard(text: string): void {
    this.note("in", text);
    this.store.setState({ lastHeardAt: this.around.now() });
    const said = understand(text);
    switch (said?.type) {
      case "initial":
        this.register(said.payload.id);
        break;
      case "subscribe_confirmation":
        this.confirm();
        break;
      case "wisdom_distribution":
        this.take(said.payload.message);
        break;
    }
  }

  closed(): void {
    this.around.clearTimeout(this.timer ?? 0);
    this.asked = [];
    this.store.setState({ phase: "connecting", id: null, lastPingAt: null, rtt: null });
  }

  subscribe(): void {
    this.want(true);
    if (this.store.getState().phase === "registered") {
      this.ask();
      this.store.setState({ phase: "subscribing" });
    }
  }

  /** At once: the protocol has no answer that could be waited for. */
  unsubscribe(): void {
    this.want(false);
    this.store.setState(({ feed }) => ({ hasLeft: true, feed: left(feed) }));
    if (this.store.getState().phase !== "connecting") {
      this.send("unsubscribe");
      this.store.setState({ phase: "registered" });
    }
  }

  /** Says goodbye, so that the server does not have to find out. */
  leave(): void {
    if (this.store.getState().phase !== "connecting") {
      this.send("disconnect");
    }
    this.closed();
  }

  setPaused(paused: boolean): void {
    this.store.setState(({ feed }) => ({ pausedAt: paused ? (feed.quotes[0]?.number ?? 0) : null }));
  }

  private want(wanted: boolean): void {
    this.page.keepWanted(wanted);
    this.store.setState({ wanted });
  }

  private register(id: string): void {
    this.asked = [];
    this.store.setState({ phase: "registered", id });
    this.send("connect");
    this.beat();
    if (this.store.getState().wanted) {
      this.subscribe();
    }
  }

  private confirm(): void {
    const sent = this.asked.shift();
    if (sent !== undefined) {
      this.store.setState({ rtt: this.around.now() - sent });
    }
    // After "subscribe, unsubscribe, subscribe" the first confirmation is not the one that counts.
    if (this.store.getState().phase === "subscribing" && this.asked.length === 0) {
      this.store.setState({ phase: "subscribed" });
    }
  }

  private take(text: string): void {
    const { wanted, pausedAt } = this.store.getState();
    const watched = pausedAt === null && this.page.visible();
    this.store.setState(({ feed }) => ({
      feed: wanted ? withQuote(feed, text, this.page.serverNow(), watched) : withLate(feed),
    }));
  }

  private beat(): void {
    this.around.clearTimeout(this.timer ?? 0);
    this.timer = this.around.setTimeout(() => {
      if (this.send("ping")) {
        this.store.setState({ lastPingAt: this.around.now() });
      }
      this.beat();
      this.probe();
    }, pingInterval);
  }

  private probe(): void {
    const state = this.store.getState();
    const now = this.around.now();
    const pulse = pulseOf(state, now);
    const unheard = state.phase === "subscribing" && now - (this.asked.at(-1) ?? now) >= confirmTime;
    if (pulse === "lost" || unheard) {
      this.line.reopen();
    } else if (pulse === "late" && this.asked.length === 0) {
      this.ask();
    }
  }

  private ask(): void {
    this.asked.push(this.around.now());
    this.send("subscribe");
  }

  private send(word: Word): boolean {
    const text = say(word, this.store.getState().id ?? "");
    const sent = this.line.send(text);
    if (sent) {
      this.note("out", text);
    }
    return sent;
  }

  private note(direction: Frame["direction"], text: string): void {
    const frame = { direction, text, at: this.page.serverNow() };
    this.store.setState(({ frames }) => ({ frames: withFrame(frames, frame) }));
  }
}
