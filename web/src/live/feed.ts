// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "#/transport/browser";
import { EventStream, type EventStreamOptions } from "#/transport/eventStream";
import { Timer } from "#/transport/timer";
import type { Environment, Transport } from "#/transport/types";
import type { NextFrame } from "./batch";
import { cursorText, earliest, parseCursor } from "./cursor";
import { parseEnvelope, parseHeartbeat, retryDelayIn, topicIn } from "./envelope";
import { RoundTrip } from "./roundTrip";
import { ClockEstimate } from "./serverClock";
import { eventNames, eventsUrl } from "./shared/messages";
import { Subscription } from "./subscription";
import type { Cursor, Follower } from "./types";

export interface FeedOptions {
  environment: Environment;
  browser: Browser;
  nextFrame: NextFrame;
  /** A small request; its duration is the round-trip time. */
  ping: () => Promise<unknown>;
  onClock: (offset: number) => void;
  transport?: Pick<EventStreamOptions, "open" | "lookUpRefusal">;
}

/** The server sends `hb` after this much silence, in ms, unless it announces another interval. */
const heartbeat = 10_000;
/** Pages subscribe and unsubscribe together: changes are collected for this long, in ms, before the stream is reopened. */
const applyDelay = 50;

/**
 * All topics that this tab follows, on one event stream, which is part of the one that the browser's tabs share (shared/hub.ts).
 *
 * The stream starts at the earliest cursor of all subscriptions, and each drops what it has already. `hb` comes once the replay
 * is complete, and then after silence.
 */
export class Feed {
  private readonly subscriptions = new Set<Subscription>();
  private readonly stream: EventStream;
  private readonly roundTrip: RoundTrip;
  private readonly applyTimer: Timer;
  private clock = new ClockEstimate();
  /** The topics of the current stream, the subscriptions to which it delivers everything after their cursor, and its cursor. */
  private topics: ReadonlySet<string> = new Set();
  private readonly attached = new Set<Subscription>();
  private cursor: Cursor | null = null;
  private caughtUp = false;
  private mustRestart = false;
  /** Events that were new to a subscription before this stream caught up. */
  private recovered = 0;
  private complete = true;

  constructor(private readonly options: FeedOptions) {
    const { environment, browser, ping } = options;
    this.applyTimer = new Timer(environment);
    this.stream = new EventStream({
      ...options.transport,
      environment,
      browser,
      heartbeat,
      url: () => this.nextUrl(),
      names: eventNames,
      onOpen: () => this.onOpen(),
      onEvent: (name, data, id) => this.onEvent(name, data, id),
    });
    this.roundTrip = new RoundTrip({
      environment,
      ping,
      isVisible: () => browser.visible,
      onMeasured: (rtt) => this.stream.measured({ rtt }),
    });
  }

  get transport(): Transport {
    return this.stream.transport;
  }

  follow(follower: Follower): () => void {
    const { environment, nextFrame } = this.options;
    const following = new Subscription(follower, {
      environment,
      nextFrame,
      onRestart: () => {
        this.mustRestart = true;
        this.attached.delete(following);
        this.scheduleApply();
      },
    });
    this.subscriptions.add(following);
    following.start();
    if (this.topics.has(follower.topic)) {
      this.attach(following);
    }
    this.scheduleApply();
    return () => {
      following.stop();
      this.attached.delete(following);
      if (this.subscriptions.delete(following)) {
        this.scheduleApply();
      }
    };
  }

  /** The stream has the topic already: from now on nothing is missing. */
  private attach(following: Subscription): void {
    this.attached.add(following);
    if (this.caughtUp && this.cursor) {
      following.caughtUp(this.cursor);
    }
  }

  private scheduleApply(): void {
    if (!this.applyTimer.running) {
      this.applyTimer.set(applyDelay, () => this.apply());
    }
  }
  private apply(): void {
    const wanted = this.wanted();
    const hasChanged = this.mustRestart || !isSame(wanted, this.topics);
    const { state } = this.transport.status.getState();
    if (wanted.size === 0) {
      this.end();
    } else if (state === "idle" || (state === "blocked" && hasChanged)) {
      this.stream.start(); // What was refused because of one topic may be accepted without it.
    } else if (hasChanged) {
      this.stream.reopen();
    }
  }
  private wanted(): ReadonlySet<string> {
    return new Set([...this.subscriptions].map((one) => one.topic));
  }

  /** The URL of the next attempt, with the cursor to resume from. */
  private nextUrl(): string {
    this.detachAll();
    this.topics = this.wanted();
    for (const following of this.subscriptions) {
      this.attached.add(following);
    }
    this.mustRestart = false;
    this.caughtUp = false;
    this.recovered = 0;
    this.complete = true;
    this.roundTrip.stop();
    const from = earliest([...this.subscriptions].flatMap((one) => one.cursor ?? []));
    return eventsUrl(this.topics, from && cursorText(from));
  }
  private end(): void {
    this.detachAll();
    this.stream.stop();
    this.roundTrip.stop();
    this.topics = new Set();
  }
  /** Ends the old stream: its subscriptions keep the position that it reached. */
  private detachAll(): void {
    for (const following of this.attached) {
      if (this.cursor) {
        following.advanceTo(this.cursor);
      }
    }
    this.attached.clear();
    this.cursor = null;
    this.caughtUp = false;
  }

  private onOpen(): void {
    for (const following of this.subscriptions) {
      following.retryNow();
    }
  }
  private onEvent(name: string, data: string, id: string): void {
    this.cursor = parseCursor(id) ?? this.cursor;
    if (name === "hb") {
      this.onHeartbeat(data);
    } else if (name === "reset") {
      this.onReset(topicIn(data));
    } else if (name === "drain") {
      this.stream.restarting(retryDelayIn(data));
    } else {
      this.onMessage(data, id);
    }
  }
  private onMessage(data: string, id: string): void {
    const event = parseEnvelope(data, id);
    if (!event) {
      return;
    }
    const takers = this.attachedTo(event.topic).filter((one) => one.accept(event));
    this.recovered += takers.length > 0 ? 1 : 0;
  }
  private onReset(topic: string): void {
    const { cursor } = this;
    for (const following of this.attachedTo(topic)) {
      if (cursor && following.reset(cursor)) {
        this.complete = false;
      }
    }
  }
  private attachedTo(topic: string): Subscription[] {
    return [...this.attached].filter((one) => one.topic === topic);
  }
  private onHeartbeat(data: string): void {
    const now = this.options.environment.now();
    const { time, everyMs } = parseHeartbeat(data);
    if (time !== undefined) {
      const clockOffset = this.clock.add(time, now);
      this.options.onClock(clockOffset);
      this.stream.measured({ clockOffset });
    }
    if (everyMs > 0) {
      this.stream.setHeartbeat(everyMs);
    }
    for (const following of this.attached) {
      if (this.cursor) {
        following.caughtUp(this.cursor);
      }
    }
    if (!this.caughtUp) {
      this.roundTrip.start();
      this.caughtUp = true;
    }
    this.stream.recovered(this.recovered, this.complete);
    this.recovered = 0;
    this.complete = true;
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
