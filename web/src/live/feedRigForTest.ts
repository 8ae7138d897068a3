// SPDX-License-Identifier: Apache-2.0

import type { EventSourceLike } from "#/transport/eventStream";
import { FakeBrowser, FakeTime } from "#/transport/fakesForTest";
import type { Refusal } from "#/transport/refusal";
import { cursorText } from "./cursor";
import { FakeNode } from "./fakeNodeForTest";
import { Feed } from "./feed";
import type { LiveEvent } from "./types";

/** A request for a snapshot: first the node makes it, then the response arrives. */
interface SnapshotRequest {
  signal: AbortSignal;
  serve: () => void;
  served: boolean;
  respond: () => void;
  fail: () => void;
}

/**
 * A page that follows a topic: `has` is the last offset, in `epoch`. Any event but the next one is a violation.
 */
export class Page {
  has = 0;
  epoch = "";
  snapshots = 0;
  batches: number[] = [];
  readonly violations: string[] = [];
  requests: SnapshotRequest[] = [];
  readonly unfollow: () => void;

  constructor(
    private readonly rig: FeedRig,
    readonly topic: string,
    private readonly withSnapshot = true,
  ) {
    this.unfollow = rig.feed.follow({
      topic,
      ...(withSnapshot ? { snapshot: (signal: AbortSignal) => this.requestSnapshot(signal) } : {}),
      onEvents: (events) => this.onEvents(events),
    });
  }
  get waiting(): SnapshotRequest[] {
    this.requests = this.requests.filter(({ signal }) => !signal.aborted);
    return this.requests;
  }
  /** Serves and answers all open requests. */
  async respondToAll(): Promise<void> {
    for (const request of this.waiting.splice(0)) {
      request.serve();
      request.respond();
    }
    await flushed();
  }

  private requestSnapshot(signal: AbortSignal): Promise<string | null> {
    const { node } = this.rig;
    return new Promise((resolve, reject) => {
      let made = { epoch: "", has: 0, cursor: "" };
      const request: SnapshotRequest = {
        signal,
        served: false,
        serve: () => {
          const log = node.log(this.topic);
          made = { epoch: log.epoch, has: log.lastOffset(this.topic), cursor: cursorText(node.cursor) };
          request.served = true;
        },
        respond: () => {
          if (!signal.aborted) {
            this.epoch = made.epoch;
            this.has = made.has;
            this.snapshots += 1;
          }
          resolve(made.cursor);
        },
        fail: () => reject(new Error("unreachable")),
      };
      this.requests.push(request);
    });
  }
  private onEvents(events: readonly LiveEvent[]): void {
    this.batches.push(events.length);
    for (const { topic, epoch, offset } of events) {
      const isNext = epoch === this.epoch && offset === this.has + 1;
      // Without snapshots it started anywhere, and gaps are allowed.
      const isLater = !this.withSnapshot && (epoch !== this.epoch || offset > this.has);
      if (topic !== this.topic || !(isNext || isLater)) {
        this.violations.push(`${topic} ${epoch}:${offset} came after ${this.epoch}:${this.has}`);
      }
      this.epoch = epoch;
      this.has = offset;
    }
  }
}

/** What tabs share: the clock, the node, and how a stream is opened. */
export interface World {
  time: FakeTime;
  node: FakeNode;
  open: (url: string) => EventSourceLike;
}

export class FeedRig {
  readonly browser = new FakeBrowser();
  readonly time: FakeTime;
  readonly node: FakeNode;
  readonly offsets: number[] = [];
  refusal: Refusal | null = null;
  readonly feed: Feed;

  constructor({ time = new FakeTime(), node = new FakeNode(), open = node.open }: Partial<World> = {}) {
    this.time = time;
    this.node = node;
    this.feed = new Feed({
      environment: this.time,
      browser: this.browser,
      nextFrame: (callback) => {
        const frame = this.time.setTimeout(callback, 16);
        return () => this.time.clearTimeout(frame);
      },
      ping: () => Promise.resolve(),
      onClock: (offset) => this.offsets.push(offset),
      transport: { open, lookUpRefusal: () => Promise.resolve(this.refusal) },
    });
  }

  get connection() {
    return this.feed.transport.status.getState();
  }
  /** The stream is opened, catches up, and its events are delivered. */
  open(): void {
    this.time.pass(50);
    this.deliver();
  }
  deliver(): void {
    this.node.deliverAll();
    this.time.pass(16);
  }
}

/** Runs all pending promise callbacks. */
export async function flushed(): Promise<void> {
  for (let turn = 0; turn < 8; ++turn) {
    await null;
  }
}
