// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";
import { serverNow } from "#/live/serverClock";

/** One timer for everything that shows an age, and none while nothing does or the tab is hidden. */
class Ticker {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly interval: number) {
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
  readonly tick = (): number => Math.floor(Date.now() / this.interval);

  private run(): void {
    const wanted = this.listeners.size > 0 && !document.hidden;
    if (wanted && this.timer === undefined) {
      this.timer = setInterval(() => this.tell(), this.interval);
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

const seconds = new Ticker(1000);
const halfMinutes = new Ticker(30_000);

/** Draws the component anew as time goes by: every second, or every 30 s where that is enough. */
export function useTick(fast: boolean): void {
  const ticker = fast ? seconds : halfMinutes;
  useSyncExternalStore(ticker.subscribe, ticker.tick);
}

const secondOfServer = (): number => Math.floor(serverNow() / 1000) * 1000;

/** The server's clock in whole seconds, in ms; draws the component anew with every one: countdowns. */
export function useServerSecond(): number {
  return useSyncExternalStore(seconds.subscribe, secondOfServer);
}
