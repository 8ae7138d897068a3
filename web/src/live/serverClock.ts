// SPDX-License-Identifier: Apache-2.0

/** The server's clock minus this machine's, in ms; heartbeats tell it. */
let offset = 0;

export function setClockOffset(ms: number): void {
  offset = ms;
}

/** Now, on the server's clock: ages and countdowns of what the server said are counted by it. */
export function serverNow(): number {
  return onServerClock(Date.now());
}

/** What this machine's clock showed then, on the server's. */
export function onServerClock(at: number): number {
  return at + offset;
}

/** A minute of heartbeats: long enough for a good one, short enough to follow a clock that is set. */
const samples = 6;

/**
 * The offset, from what heartbeats said. Each was old by its way here when it was read, so each sample is too small, never too
 * large: the greatest of the recent ones came by the quickest way and is the best.
 */
export class ClockEstimate {
  private recent: number[] = [];

  add(serverTime: number, now: number): number {
    this.recent = [...this.recent, serverTime - now].slice(-samples);
    return Math.max(...this.recent);
  }
}
