// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";
import { serverNow } from "#/live/serverClock";

/** How often ages are updated, in ms. */
const second = 1000;
/** Below this, in ms, an age is shown in seconds; above it in half minutes. */
const minute = 60_000;

/** One timer for all components that show an age, and none while there are none or the tab is hidden. */
class Ticker {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => this.run());
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.run();
    return () => {
      this.listeners.delete(listener);
      this.run();
    };
  };

  private run(): void {
    const wanted = this.listeners.size > 0 && !document.hidden;
    if (wanted && this.timer === undefined) {
      this.timer = setInterval(() => this.notify(), second);
      this.notify();
    } else if (!wanted && this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
  private notify(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

const ticker = new Ticker();

const whole = (at: number, step: number): number => Math.floor(at / step) * step;
const secondHere = (): number => whole(Date.now(), second);
const secondOfServer = (): number => whole(serverNow(), second);

// Components get the time from these hooks and never read the clock themselves: the React Compiler memoizes what a component
// computes, and cannot know that a clock changes.

/** This computer's clock in whole seconds, in ms; renders the component every second. */
export function useSecond(): number {
  return useSyncExternalStore(ticker.subscribe, secondHere);
}

/** The server's clock in whole seconds, in ms; renders the component every second: for countdowns. */
export function useServerSecond(): number {
  return useSyncExternalStore(ticker.subscribe, secondOfServer);
}

/**
 * The server's clock in the resolution in which the age of `at` is shown: seconds for a minute, then half minutes. The component
 * is rendered only when it changes.
 */
export function useServerTimeSince(at: number): number {
  return useSyncExternalStore(ticker.subscribe, () => {
    const now = secondOfServer();
    return now - at < minute ? now : at + whole(now - at, minute / 2);
  });
}
