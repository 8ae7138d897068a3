// SPDX-License-Identifier: Apache-2.0
import { FakeBrowser, FakeTime } from "#/transport/fakesForTest";
import type { Refusal } from "#/transport/refusal";
import { cursorText } from "./cursor";
import { FakeNode } from "./fakeNodeForTest";
import { Feed } from "./feed";
import type { LiveEvent } from "./types";

/** A request for a snapshot: first the node makes it, then the answer arrives. */
interface Asked {
  signal: AbortSignal;
  serve: () => void;
  served: boolean;
  answer: () => void;
  fail: () => void;
}

/**
 * A page that keeps all it knows of a topic: `has` is the last offset, in `epoch`. Whatever else than the next one comes is an
 * objection.
 */
export class Page {
  has = 0;
  epoch = "";
  snapshots = 0;
  batches: number[] = [];
  readonly objections: string[] = [];
  asked: Asked[] = [];
  readonly unfollow: () => void;

  constructor(
    private readonly rig: FeedRig,
    readonly topic: string,
    private readonly withSnapshot = true,
  ) {
    this.unfollow = rig.feed.follow({
      topic,
      ...(withSnapshot ? { snapshot: (signal: AbortSignal) => this.ask(signal) } : {}),
      onEvents: (events) => this.take(events),
    });
  }
  get waiting(): Asked[] {
    this.asked = this.asked.filter(({ signal }) => !signal.aborted);
    return this.asked;
  }
  /** What is asked for is made and arrives. */
  async answered(): Promise<void> {
    for (const asked of this.waiting.splice(0)) {
      asked.serve();
      asked.answer();
    }
    await flushed();
  }

  private ask(signal: AbortSignal): Promise<string | null> {
    const { node } = this.rig;
    return new Promise((resolve, reject) => {
      let made = { epoch: "", has: 0, cursor: "" };
      const asked: Asked = {
        signal,
        served: false,
        serve: () => {
          const log = node.log(this.topic);
          made = { epoch: log.epoch, has: log.lastOffset(this.topic), cursor: cursorText(node.cursor) };
          asked.served = true;
        },
        answer: () => {
          if (!signal.aborted) {
            this.epoch = made.epoch;
            this.has = made.has;
            this.snapshots += 1;
          }
          resolve(made.cursor);
        },
        fail: () => reject(new Error("unreachable")),
      };
      this.asked.push(asked);
    });
  }
  private take(events: readonly LiveEvent[]): void {
    this.batches.push(events.length);
    for (const { topic, epoch, offset } of events) {
      const isNext = epoch === this.epoch && offset === this.has + 1;
      // Without snapshots it began anywhere, and what is gone is gone.
      const isLater = !this.withSnapshot && (epoch !== this.epoch || offset > this.has);
      if (topic !== this.topic || !(isNext || isLater)) {
        this.objections.push(`${topic} ${epoch}:${offset} came behind ${this.epoch}:${this.has}`);
      }
      this.epoch = epoch;
      this.has = offset;
    }
  }
}

export class FeedRig {
  readonly time = new FakeTime();
  readonly browser = new FakeBrowser();
  readonly node = new FakeNode();
  readonly offsets: number[] = [];
  refusal: Refusal | null = null;
  readonly feed: Feed;

  constructor() {
    this.feed = new Feed({
      surroundings: this.time,
      browser: this.browser,
      nextFrame: (callback) => {
        const frame = this.time.setTimeout(callback, 16);
        return () => this.time.clearTimeout(frame);
      },
      ask: () => Promise.resolve(),
      onClock: (offset) => this.offsets.push(offset),
      transport: { open: this.node.open, whyRefused: () => Promise.resolve(this.refusal) },
    });
  }

  get connection() {
    return this.feed.wire.connection.getState();
  }
  /** The stream is opened, catches up, and what it brought is handed over. */
  open(): void {
    this.time.pass(50);
    this.arrive();
  }
  arrive(): void {
    this.node.bringAll();
    this.time.pass(16);
  }
}

/** Everything that promises were to do is done. */
export async function flushed(): Promise<void> {
  for (let turn = 0; turn < 8; ++turn) {
    await null;
  }
}
