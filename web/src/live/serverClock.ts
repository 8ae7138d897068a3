// SPDX-License-Identifier: Apache-2.0

/** The server's clock minus this computer's, in ms; taken from heartbeats. */
let offset = 0;

export function setClockOffset(ms: number): void {
  offset = ms;
}

/** Now, on the server's clock: for ages and countdowns of timestamps that the server sent. */
export function serverNow(): number {
  return onServerClock(Date.now());
}

/** A time of this computer's clock, on the server's. */
export function onServerClock(at: number): number {
  return at + offset;
}

/** A minute of heartbeats: long enough for a good one, short enough to follow a clock that is set. */
const samples = 6;

/**
 * Estimates the offset from heartbeats. Each is older by its latency when it is read, so a sample is too small, never too
 * large: the greatest of the recent ones had the lowest latency and is the best.
 */
export class ClockEstimate {
  private recent: number[] = [];

  add(serverTime: number, now: number): number {
    this.recent = [...this.recent, serverTime - now].slice(-samples);
    return Math.max(...this.recent);
  }
}
