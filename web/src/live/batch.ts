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

/** Gathers what came since the last frame, so that a burst of events draws a page once. */
export class Batch<T> {
  private items: T[] = [];
  private dropFrame: (() => void) | null = null;
  private readonly timer: Timer;

  constructor(
    surroundings: Surroundings,
    private readonly nextFrame: NextFrame,
    private readonly hand: (items: readonly T[]) => void,
  ) {
    this.timer = new Timer(surroundings);
  }

  add(item: T): void {
    this.items.push(item);
    if (!this.timer.running) {
      this.dropFrame = this.nextFrame(() => this.flush());
      this.timer.set(hiddenTime, () => this.flush());
    }
  }
  flush(): void {
    const { items } = this;
    this.clear();
    if (items.length > 0) {
      this.hand(items);
    }
  }
  clear(): void {
    this.items = [];
    this.timer.cancel();
    this.dropFrame?.();
    this.dropFrame = null;
  }
}
