// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Surroundings } from "#/transport/types";

/** The next frame of the screen; the returned function calls it off. */
export type NextFrame = (callback: () => void) => () => void;

export const nextFrame: NextFrame = (callback) => {
  const frame = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(frame);
};

/** A hidden tab has no frames; what comes is then handed over after this, in ms. */
const hiddenTime = 250;
/** From one batch to the next, in ms: nobody reads faster, and the frames between them are free for what the person does. */
const spacing = 50;

/** Gathers what came since the last batch, so that a burst of events draws a page once. */
export class Batch<T> {
  private items: T[] = [];
  private handedAt = Number.NEGATIVE_INFINITY;
  private dropFrame: (() => void) | null = null;
  private readonly timer: Timer;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly nextFrame: NextFrame,
    private readonly hand: (items: readonly T[]) => void,
  ) {
    this.timer = new Timer(surroundings);
  }

  add(item: T): void {
    this.items.push(item);
    if (this.timer.running) {
      return;
    }
    // The clock may have been set back meanwhile.
    const wait = Math.min(spacing, this.handedAt + spacing - this.surroundings.now());
    if (wait > 0) {
      this.timer.set(wait, () => this.awaitFrame());
    } else {
      this.awaitFrame();
    }
  }
  flush(): void {
    const { items } = this;
    this.clear();
    if (items.length > 0) {
      this.handedAt = this.surroundings.now();
      this.hand(items);
    }
  }
  clear(): void {
    this.items = [];
    this.timer.cancel();
    this.dropFrame?.();
    this.dropFrame = null;
  }

  private awaitFrame(): void {
    this.dropFrame = this.nextFrame(() => this.flush());
    this.timer.set(hiddenTime, () => this.flush());
  }
}
