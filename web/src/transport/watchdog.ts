// SPDX-License-Identifier: Apache-2.0
import { Timer } from "./timer";
import type { Surroundings } from "./types";

/** Silence of this many heartbeats is worth a word; of this many, the connection is given up. */
const staleAfter = 2.5;
const deadAfter = 4;
/** A connection that is doubted has this many to prove itself: one may just have been missed, and the next has a way to go. */
const proofTime = 1.5;

interface Verdicts {
  stale: () => void;
  dead: () => void;
}

/** Watches a connection that should say something every heartbeat: a half-open one looks open for ever otherwise. */
export class Watchdog {
  private readonly timer: Timer;

  constructor(
    private readonly surroundings: Surroundings,
    private heartbeat: number | null,
    private readonly verdicts: Verdicts,
  ) {
    this.timer = new Timer(surroundings);
  }

  /** An attempt was made: something has to come within `ms`. */
  expect(ms: number): void {
    this.timer.set(ms, this.verdicts.dead);
  }
  /** The server said how long it is silent at most. */
  expectEvery(heartbeat: number): void {
    if (heartbeat !== this.heartbeat) {
      this.heartbeat = heartbeat;
      this.heard();
    }
  }
  heard(): void {
    if (this.heartbeat === null) {
      this.timer.cancel();
      return;
    }
    const { heartbeat } = this;
    this.wait(heartbeat * staleAfter, () => {
      this.verdicts.stale();
      this.wait(heartbeat * (deadAfter - staleAfter), this.verdicts.dead);
    });
  }
  /** It looks open after time in which nothing could be heard (a hidden tab, a sleep): it has to prove it. */
  doubt(): void {
    if (this.heartbeat !== null) {
      this.wait(this.heartbeat * proofTime, this.verdicts.dead);
    }
  }
  stop(): void {
    this.timer.cancel();
  }

  // A timer that is late by more than a heartbeat has slept with the machine; its verdict would be about the sleep.
  private wait(ms: number, verdict: () => void): void {
    const due = this.surroundings.now() + ms;
    this.timer.set(ms, () => {
      const late = this.surroundings.now() - due;
      if (this.heartbeat !== null && late > this.heartbeat) {
        this.doubt();
      } else {
        verdict();
      }
    });
  }
}
