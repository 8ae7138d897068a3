// SPDX-License-Identifier: Apache-2.0

/** All times in ms. */
const base = 500;
const cap = 20_000;
/** A restarting server says so; it is back soon, and its clients come back spread over this. */
const restart = { least: 1000, most: 3000 };

/**
 * How long to wait before an attempt; `failures` in a row went before it. Full jitter: anything between nothing and the
 * step, so that a thousand tabs that lost one server do not come back in one moment.
 */
export function backoff(failures: number, random: number): number {
  return random * Math.min(cap, base * 2 ** Math.max(0, failures - 1));
}

export function restartDelay(random: number): number {
  return restart.least + random * (restart.most - restart.least);
}
