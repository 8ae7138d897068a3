// SPDX-License-Identifier: Apache-2.0

/** All times in ms. */
const base = 500;
const cap = 20_000;
/** A server that restarts announces it; its clients reconnect spread over this range. */
const restart = { least: 1000, most: 3000 };

/**
 * The delay before an attempt, after `failures` consecutive failures. Full jitter: uniform between zero and the
 * exponential step, so that a thousand tabs that lost one server do not reconnect at the same moment.
 */
export function backoff(failures: number, random: number): number {
  return random * Math.min(cap, base * 2 ** Math.max(0, failures - 1));
}

export function restartDelay(random: number): number {
  return restart.least + random * (restart.most - restart.least);
}
