// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "#/transport/browser";
import { EventStream, type EventStreamOptions } from "#/transport/eventStream";
import { Timer } from "#/transport/timer";
import type { Surroundings, Wire } from "#/transport/types";
import type { NextFrame } from "./batch";
import { cursorText, least, parseCursor } from "./cursor";
import { numberIn, parseEnvelope, textIn } from "./envelope";
import { Following } from "./following";
import { RoundTrip } from "./roundTrip";
import { ClockEstimate } from "./serverClock";
import type { Cursor, Follower } from "./types";

export interface FeedOptions {
  surroundings: Surroundings;
  browser: Browser;
  nextFrame: NextFrame;
  /** Any small request; its time is the round trip. */
  ask: () => Promise<unknown>;
  onClock: (offset: number) => void;
  transport?: Pick<EventStreamOptions, "open" | "whyRefused">;
}

/** The server sends `hb` after this much silence, in ms, unless it says another time itself. */
const heartbeat = 10_000;
/** Pages come and go together; what they want is gathered for so long, in ms, before the stream is opened anew. */
const gatherTime = 50;

/**
 * All that this tab follows, on one stream: a browser opens six connections to a server, for all its tabs together.
 *
 * The stream goes on from the least of where the followers stand, and each drops what it has. `hb` comes once everything
 * missed has been brought, and then in silence.
 */
export class Feed {
  private readonly followings = new Set<Following>();
  private readonly stream: EventStream;
  private readonly roundTrip: RoundTrip;
  private readonly gather: Timer;
  private clock = new ClockEstimate();
  /** What the present stream was opened for, who gets everything behind their place from it, and how far it has brought them. */
  private topics: ReadonlySet<string> = new Set();
  private readonly served = new Set<Following>();
  private at: Cursor | null = null;
  private caughtUp = false;
  private rewind = false;
  /** What this stream brought before it had caught up. */
  private fresh = 0;
  private complete = true;

  constructor(private readonly options: FeedOptions) {
    const { surroundings, browser, ask } = options;
    this.gather = new Timer(surroundings);
    this.stream = new EventStream({
      ...options.transport,
      surroundings,
      browser,
      heartbeat,
      url: () => this.begin(),
      names: ["message", "reset", "hb", "drain"],
      onOpen: () => this.onOpen(),
      onEvent: (name, data, id) => this.onEvent(name, data, id),
    });
    this.roundTrip = new RoundTrip({
      surroundings,
      ask,
      isVisible: () => browser.visible,
      onMeasured: (rtt) => this.stream.measured({ rtt }),
    });
  }

  get wire(): Wire {
    return this.stream.wire;
  }

  follow(follower: Follower): () => void {
    const { surroundings, nextFrame } = this.options;
    const following = new Following(follower, {
      surroundings,
      nextFrame,
      onRewind: () => {
        this.rewind = true;
        this.served.delete(following);
        this.changed();
      },
    });
    this.followings.add(following);
    following.start();
    if (this.topics.has(follower.topic)) {
      this.joinStream(following);
    }
    this.changed();
    return () => {
      following.stop();
      this.served.delete(following);
      if (this.followings.delete(following)) {
        this.changed();
      }
    };
  }

  /** The stream has the topic already: what comes from now on is complete. */
  private joinStream(following: Following): void {
    this.served.add(following);
    if (this.caughtUp && this.at) {
      following.caughtUp(this.at);
    }
  }

  private changed(): void {
    if (!this.gather.running) {
      this.gather.set(gatherTime, () => this.apply());
    }
  }
  private apply(): void {
    const wanted = this.wanted();
    const hasChanged = this.rewind || !isSame(wanted, this.topics);
    const { state } = this.wire.connection.getState();
    if (wanted.size === 0) {
      this.end();
    } else if (state === "idle" || (state === "blocked" && hasChanged)) {
      this.stream.start(); // What was refused for one of the topics may be taken without it.
    } else if (hasChanged) {
      this.stream.reopen();
    }
  }
  private wanted(): ReadonlySet<string> {
    return new Set([...this.followings].map((one) => one.topic));
  }

  /** Where the next attempt begins. */
  private begin(): string {
    this.settle();
    this.topics = this.wanted();
    for (const following of this.followings) {
      this.served.add(following);
    }
    this.rewind = false;
    this.caughtUp = false;
    this.fresh = 0;
    this.complete = true;
    this.roundTrip.stop();
    const query = new URLSearchParams([...this.topics].sort().map((topic) => ["topic", topic]));
    query.set("envelope", "json");
    const from = least([...this.followings].flatMap((one) => one.heard ?? []));
    if (from) {
      query.set("lastEventId", cursorText(from));
    }
    return `/api/events?${query}`;
  }
  private end(): void {
    this.settle();
    this.stream.stop();
    this.roundTrip.stop();
    this.topics = new Set();
  }
  /** What the old stream brought holds for all who were on it. */
  private settle(): void {
    for (const following of this.served) {
      if (this.at) {
        following.heardUpTo(this.at);
      }
    }
    this.served.clear();
    this.at = null;
    this.caughtUp = false;
  }

  private onOpen(): void {
    for (const following of this.followings) {
      following.hurry();
    }
  }
  private onEvent(name: string, data: string, id: string): void {
    this.at = parseCursor(id) ?? this.at;
    if (name === "hb") {
      this.onHeartbeat(data);
    } else if (name === "reset") {
      this.onReset(textIn(data, "topic"));
    } else if (name === "drain") {
      this.stream.restarting(numberIn(data, "retryMs"));
    } else {
      this.onMessage(data, id);
    }
  }
  private onMessage(data: string, id: string): void {
    const event = parseEnvelope(data, id);
    if (!event) {
      return;
    }
    const takers = this.servedOf(event.topic).filter((one) => one.take(event));
    this.fresh += takers.length > 0 ? 1 : 0;
  }
  private onReset(topic: string): void {
    const { at } = this;
    for (const following of this.servedOf(topic)) {
      if (at && following.reset(at)) {
        this.complete = false;
      }
    }
  }
  private servedOf(topic: string): Following[] {
    return [...this.served].filter((one) => one.topic === topic);
  }
  private onHeartbeat(data: string): void {
    const now = this.options.surroundings.now();
    const time = Date.parse(textIn(data, "time"));
    if (!Number.isNaN(time)) {
      const clockOffset = this.clock.add(time, now);
      this.options.onClock(clockOffset);
      this.stream.measured({ clockOffset });
    }
    const every = numberIn(data, "everyMs");
    if (every > 0) {
      this.stream.expectEvery(every);
    }
    for (const following of this.served) {
      if (this.at) {
        following.caughtUp(this.at);
      }
    }
    if (!this.caughtUp) {
      this.roundTrip.start();
      this.caughtUp = true;
    }
    this.stream.recovered(this.fresh, this.complete);
    this.fresh = 0;
    this.complete = true;
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
