// SPDX-License-Identifier: Apache-2.0
import { backoff } from "#/transport/backoff";
import { Timer } from "#/transport/timer";
import type { Surroundings } from "#/transport/types";
import { Batch, type NextFrame } from "./batch";
import { further, isSameHistory, parseCursor, reaches, sequenceIn } from "./cursor";
import type { Cursor, Follower, LiveEvent } from "./types";

/** A snapshot that does not come must not cost more: beyond this the stream begins again at the snapshot. */
const heldMax = 5000;

interface Options {
  surroundings: Surroundings;
  nextFrame: NextFrame;
  /** The stream has to begin again, at `heard`. */
  onRewind: () => void;
}

/**
 * One follower and how far it has heard. While its snapshot is read, what comes is held back; once the snapshot says where it
 * stands, what lies behind that is handed over. So it sees each event once, whatever the stream brings twice.
 */
export class Following {
  /** All up to here has been handed over, is held, or is in the snapshot. Null: nothing is known, what comes now is wanted. */
  private place: Cursor | null = null;
  private reading: AbortController | null = null;
  private held: LiveEvent[] = [];
  /** From where on `held` has everything. */
  private heldFrom: Cursor | "everything" | null = null;
  private failures = 0;
  private readonly retry: Timer;
  private readonly batch: Batch<LiveEvent>;

  constructor(
    private readonly follower: Follower,
    private readonly options: Options,
  ) {
    const { surroundings, nextFrame } = options;
    this.retry = new Timer(surroundings);
    this.batch = new Batch(surroundings, nextFrame, follower.onEvents);
  }

  get topic(): string {
    return this.follower.topic;
  }
  get heard(): Cursor | null {
    return this.place;
  }

  start(): void {
    if (this.follower.snapshot) {
      this.read();
    }
  }
  stop(): void {
    this.reading?.abort();
    this.reading = null;
    this.retry.cancel();
    this.batch.clear();
  }

  /** False: it has it already, or does not want it. */
  take(event: LiveEvent): boolean {
    if (!this.place || !isBehind(event, this.place)) {
      return false;
    }
    this.place = movedBy(this.place, event);
    if (this.reading) {
      this.hold(event);
    } else {
      this.batch.add(event);
    }
    return true;
  }
  /** The stream ended at `at`. Of another history only who had caught up knows that its reset was told. */
  heardUpTo(at: Cursor): void {
    if (this.place && isSameHistory(this.place, at)) {
      this.place = further(this.place, at);
    }
  }
  /** The stream has brought everything there was: who wants what comes now begins here. */
  caughtUp(at: Cursor): void {
    if (this.place) {
      this.place = further(this.place, at);
    } else {
      this.place = at;
      this.heldFrom = at;
    }
  }
  /** Events before `at` are gone. True: that is mended by a new snapshot. */
  reset(at: Cursor): boolean {
    if (!this.follower.snapshot) {
      return false;
    }
    this.batch.flush();
    this.held = [];
    this.heldFrom = "everything";
    this.place = at;
    this.failures = 0;
    this.read();
    return true;
  }
  /** The server is there again: a snapshot that waits for its next attempt need not wait. */
  hurry(): void {
    if (this.retry.running) {
      this.read();
    }
  }

  private hold(event: LiveEvent): void {
    this.held.push(event);
    if (this.held.length > heldMax) {
      this.held = [];
      this.heldFrom = null;
    }
  }
  private read(): void {
    this.retry.cancel();
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.follower.snapshot?.(reading.signal).then(
      (text) => !reading.signal.aborted && this.onSnapshot(text === null ? null : parseCursor(text)),
      () => !reading.signal.aborted && this.onFailure(),
    );
  }
  private onFailure(): void {
    this.failures += 1;
    this.retry.set(backoff(this.failures, this.options.surroundings.random()), () => this.read());
  }
  private onSnapshot(at: Cursor | null): void {
    const { held } = this;
    const whole = !at || this.heldSince(at);
    this.reading = null;
    this.failures = 0;
    this.held = [];
    if (!whole) {
      this.place = at;
      this.options.onRewind();
      return;
    }
    for (const event of held.filter((event) => !at || isBehind(event, at))) {
      this.batch.add(event);
    }
    this.place = this.place && at ? further(this.place, at) : (this.place ?? at);
  }
  /** Whether everything behind `at` has been heard or will be. */
  private heldSince(at: Cursor): boolean {
    const { heldFrom, place } = this;
    return heldFrom === "everything"
      ? place !== null && isSameHistory(place, at)
      : heldFrom !== null && reaches(heldFrom, at);
  }
}

function isBehind(event: LiveEvent, place: Cursor): boolean {
  const known = sequenceIn(place, event.epoch);
  const its = sequenceIn(event.cursor, event.epoch);
  return known === null || its === null || its > known;
}

/** Moves the event's own lane only: of the other one this event says nothing. */
function movedBy(place: Cursor, { epoch, cursor }: LiveEvent): Cursor {
  return cursor.durableEpoch === epoch
    ? { ...place, durableEpoch: epoch, durable: cursor.durable }
    : { ...place, volatileEpoch: epoch, volatile: cursor.volatile };
}
