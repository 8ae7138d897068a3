// SPDX-License-Identifier: Apache-2.0
import type { Move, Report } from "./report";
import { isSettled, type Status } from "./status";

/** A report's time in one state. */
export interface Stay {
  move: Move;
  /** Where it came from; null: it was created, or we have not heard. */
  from: Status | null;
  /** When it moved on; null: it is still there, or we have not heard. */
  until: string | null;
}

/** From one `pending` to the next. */
export interface Attempt {
  number: number;
  /** Oldest first; null: a move we have not heard of. */
  stays: readonly (Stay | null)[];
}

export function attemptsOf({ history }: Report): Attempt[] {
  const attempts: { number: number; stays: (Stay | null)[] }[] = [];
  let last: (typeof attempts)[number] | undefined;
  history.forEach((move, i) => {
    const number = move?.attempt ?? last?.number ?? 1;
    if (last?.number !== number) {
      last = { number, stays: [] };
      attempts.push(last);
    }
    last.stays.push(move && { move, from: history[i - 1]?.status ?? null, until: history[i + 1]?.at ?? null });
  });
  return attempts;
}

/** How long a stay lasted, in ms; null: it has not ended, or we have not heard. */
export function lengthOf({ move, until }: Stay): number | null {
  return until === null ? null : Math.max(0, Date.parse(until) - Date.parse(move.at));
}

/** From an attempt's first move to the one that ended it, in ms; null while it runs. */
export function runOf({ stays }: Attempt): number | null {
  const first = stays.find((stay) => stay !== null);
  const last = stays.at(-1);
  if (!first || !last || !isSettled(last.move.status)) {
    return null;
  }
  return Math.max(0, Date.parse(last.move.at) - Date.parse(first.move.at));
}
