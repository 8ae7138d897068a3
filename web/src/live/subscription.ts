// SPDX-License-Identifier: Apache-2.0
import { backoff } from "#/transport/backoff";
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";
import { Batch, type NextFrame } from "./batch";
import { isAtOrBefore, isSameHistory, later, parseCursor, sequenceIn } from "./cursor";
import type { Cursor, Follower, LiveEvent } from "./types";

/** Bound of the buffer while a snapshot is awaited: beyond it the stream restarts at the snapshot. */
const bufferedMax = 5000;

interface Options {
  environment: Environment;
  nextFrame: NextFrame;
  /** The stream has to restart at `cursor`. */
  onRestart: () => void;
}

/**
 * One follower of a topic and its position. While its snapshot is read, events are buffered; once the snapshot has its cursor,
 * the events after it are delivered. So the follower sees each event once, however often the stream sends it.
 */
export class Subscription {
  /** Everything up to here was delivered, is buffered, or is in the snapshot. Null: unknown, it starts with the next event. */
  private position: Cursor | null = null;
  private request: AbortController | null = null;
  private buffered: LiveEvent[] = [];
  /** From where on `buffered` is complete. */
  private bufferedFrom: Cursor | "everything" | null = null;
  private failures = 0;
  private readonly retryTimer: Timer;
  private readonly batch: Batch<LiveEvent>;

  constructor(
    private readonly follower: Follower,
    private readonly options: Options,
  ) {
    const { environment, nextFrame } = options;
    this.retryTimer = new Timer(environment);
    this.batch = new Batch(environment, nextFrame, follower.onEvents);
  }

  get topic(): string {
    return this.follower.topic;
  }
  get cursor(): Cursor | null {
    return this.position;
  }

  start(): void {
    if (this.follower.snapshot) {
      this.readSnapshot();
    }
  }
  stop(): void {
    this.request?.abort();
    this.request = null;
    this.retryTimer.cancel();
    this.batch.clear();
  }

  /** False: it has the event already, or does not want it. */
  accept(event: LiveEvent): boolean {
    if (!this.position || !isAfter(event, this.position)) {
      return false;
    }
    this.position = advancedBy(this.position, event);
    if (this.request) {
      this.buffer(event);
    } else {
      this.batch.add(event);
    }
    return true;
  }
  /** The stream ended at `at`. In another epoch, only a subscription that had caught up knows that its reset was sent. */
  advanceTo(at: Cursor): void {
    if (this.position && isSameHistory(this.position, at)) {
      this.position = later(this.position, at);
    }
  }
  /** The replay is complete: a subscription without a position starts here. */
  caughtUp(at: Cursor): void {
    if (this.position) {
      this.position = later(this.position, at);
    } else {
      this.position = at;
      this.bufferedFrom = at;
    }
  }
  /** Events before `at` are gone. True: a new snapshot replaces them. */
  reset(at: Cursor): boolean {
    if (!this.follower.snapshot) {
      return false;
    }
    this.batch.flush();
    this.buffered = [];
    this.bufferedFrom = "everything";
    this.position = at;
    this.failures = 0;
    this.readSnapshot();
    return true;
  }
  /** The server can be reached again: a snapshot that waits for its retry is read now. */
  retryNow(): void {
    if (this.retryTimer.running) {
      this.readSnapshot();
    }
  }

  private buffer(event: LiveEvent): void {
    this.buffered.push(event);
    if (this.buffered.length > bufferedMax) {
      this.buffered = [];
      this.bufferedFrom = null;
    }
  }
  private readSnapshot(): void {
    this.retryTimer.cancel();
    this.request?.abort();
    const reading = new AbortController();
    this.request = reading;
    this.follower.snapshot?.(reading.signal).then(
      (text) => !reading.signal.aborted && this.onSnapshot(text === null ? null : parseCursor(text)),
      () => !reading.signal.aborted && this.onFailure(),
    );
  }
  private onFailure(): void {
    this.failures += 1;
    this.retryTimer.set(backoff(this.failures, this.options.environment.random()), () => this.readSnapshot());
  }
  private onSnapshot(at: Cursor | null): void {
    const { buffered } = this;
    const whole = !at || this.isCompleteFrom(at);
    this.request = null;
    this.failures = 0;
    this.buffered = [];
    if (!whole) {
      this.position = at;
      this.options.onRestart();
      return;
    }
    for (const event of buffered.filter((event) => !at || isAfter(event, at))) {
      this.batch.add(event);
    }
    this.position = this.position && at ? later(this.position, at) : (this.position ?? at);
  }
  /** Whether everything after `at` has been buffered or will come. */
  private isCompleteFrom(at: Cursor): boolean {
    const { bufferedFrom, position } = this;
    return bufferedFrom === "everything"
      ? position !== null && isSameHistory(position, at)
      : bufferedFrom !== null && isAtOrBefore(bufferedFrom, at);
  }
}

function isAfter(event: LiveEvent, place: Cursor): boolean {
  const known = sequenceIn(place, event.epoch);
  const its = sequenceIn(event.cursor, event.epoch);
  return known === null || its === null || its > known;
}

/** Advances the event's own lane only: of the other one this event says nothing. */
function advancedBy(place: Cursor, { epoch, cursor }: LiveEvent): Cursor {
  return cursor.durableEpoch === epoch
    ? { ...place, durableEpoch: epoch, durable: cursor.durable }
    : { ...place, volatileEpoch: epoch, volatile: cursor.volatile };
}
