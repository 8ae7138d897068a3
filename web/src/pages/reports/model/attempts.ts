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

/** How long a stay lasted, or has lasted at `now`, in ms; null where nobody knows. */
export function lengthOf(stay: Stay, isLast: boolean, now: number): number | null {
  if (stay.until === null && !isLast) {
    return null;
  }
  const end = stay.until === null ? now : Date.parse(stay.until);
  return Math.max(0, end - Date.parse(stay.move.at));
}

/** From an attempt's first move to its end, or to `now` while it runs, in ms. */
export function runOf({ stays }: Attempt, now: number): number {
  const heard = stays.filter((stay) => stay !== null);
  const first = heard[0];
  const last = heard.at(-1);
  if (!first || !last) {
    return 0;
  }
  const end = isSettled(last.move.status) ? Date.parse(last.move.at) : now;
  return Math.max(0, end - Date.parse(first.move.at));
}
