// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";
import { serverNow } from "#/live/serverClock";

/** How often something that shows an age is looked at, in ms. */
const second = 1000;
/** Within this, in ms, an age is counted in seconds; after it, half a minute is fine enough. */
const minute = 60_000;

/** One timer for everything that shows an age, and none while nothing does or the tab is hidden. */
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
      this.timer = setInterval(() => this.tell(), second);
      this.tell();
    } else if (!wanted && this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
  private tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

const ticker = new Ticker();

const whole = (at: number, step: number): number => Math.floor(at / step) * step;
const secondHere = (): number => whole(Date.now(), second);
const secondOfServer = (): number => whole(serverNow(), second);

// A component is given the time by these, and never asks the clock itself: the React Compiler keeps what a component computes,
// and of a clock it cannot know that it goes on.

/** This machine's clock in whole seconds, in ms; draws the component anew with every one. */
export function useSecond(): number {
  return useSyncExternalStore(ticker.subscribe, secondHere);
}

/** The server's clock in whole seconds, in ms; draws the component anew with every one: countdowns. */
export function useServerSecond(): number {
  return useSyncExternalStore(ticker.subscribe, secondOfServer);
}

/**
 * The server's clock, as fine as the age of what happened `at` is shown: in seconds for a minute, then in half minutes. The
 * component is drawn anew only when it changes.
 */
export function useServerTimeSince(at: number): number {
  return useSyncExternalStore(ticker.subscribe, () => {
    const now = secondOfServer();
    return now - at < minute ? now : at + whole(now - at, minute / 2);
  });
}
