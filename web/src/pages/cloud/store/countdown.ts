// SPDX-License-Identifier: Apache-2.0
import type { Operation } from "./types";

export interface Countdown {
  /** Never negative. */
  secondsLeft: number;
  /** 0 to 1. */
  done: number;
  /** It takes longer than operations of its kind usually do. */
  late: boolean;
}

/** From this multiple of the expected duration on it is late. */
const patience = 1.5;

export function countdownOf({ startedAt, durationMs }: Operation, now: number): Countdown {
  const elapsed = Math.max(0, now - startedAt);
  return {
    secondsLeft: Math.max(0, Math.ceil((durationMs - elapsed) / 1000)),
    done: durationMs > 0 ? Math.min(1, elapsed / durationMs) : 1,
    late: elapsed > durationMs * patience,
  };
}
