// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";

/** Calls back before the next animation frame; the returned function cancels it. */
export type NextFrame = (callback: () => void) => () => void;

export const nextFrame: NextFrame = (callback) => {
  const frame = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(frame);
};

/** A hidden tab has no animation frames; items are then delivered after this, in ms. */
const hiddenTime = 250;
/** Between two batches, in ms: nobody reads faster, and the frames between them stay free for the user's input. */
const spacing = 50;

/** Collects items and delivers them together, so that a burst of events renders a page once. */
export class Batch<T> {
  private items: T[] = [];
  private deliveredAt = Number.NEGATIVE_INFINITY;
  private cancelFrame: (() => void) | null = null;
  private readonly timer: Timer;

  constructor(
    private readonly environment: Environment,
    private readonly nextFrame: NextFrame,
    private readonly deliver: (items: readonly T[]) => void,
  ) {
    this.timer = new Timer(environment);
  }

  add(item: T): void {
    this.items.push(item);
    if (this.timer.running) {
      return;
    }
    // The clock may have been set back in between.
    const wait = Math.min(spacing, this.deliveredAt + spacing - this.environment.now());
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
      this.deliveredAt = this.environment.now();
      this.deliver(items);
    }
  }
  clear(): void {
    this.items = [];
    this.timer.cancel();
    this.cancelFrame?.();
    this.cancelFrame = null;
  }

  private awaitFrame(): void {
    this.cancelFrame = this.nextFrame(() => this.flush());
    this.timer.set(hiddenTime, () => this.flush());
  }
}
