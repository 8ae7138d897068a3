// SPDX-License-Identifier: Apache-2.0
import type { Move, Report } from "./report";
import { isFinal, type Status } from "./status";

/** A report's time in one state. */
export interface StateVisit {
  move: Move;
  /** The state before; null: it was created, or unknown. */
  from: Status | null;
  /** When it left the state; null: it is still there, or unknown. */
  until: string | null;
}

/** From one `pending` to the next. */
export interface Attempt {
  number: number;
  /** Oldest first; null: an unknown move. */
  visits: readonly (StateVisit | null)[];
}

export function attemptsOf({ history }: Report): Attempt[] {
  const attempts: { number: number; visits: (StateVisit | null)[] }[] = [];
  let last: (typeof attempts)[number] | undefined;
  history.forEach((move, i) => {
    const number = move?.attempt ?? last?.number ?? 1;
    if (last?.number !== number) {
      last = { number, visits: [] };
      attempts.push(last);
    }
    last.visits.push(move && { move, from: history[i - 1]?.status ?? null, until: history[i + 1]?.at ?? null });
  });
  return attempts;
}

/** The duration of a visit, in ms; null: it has not ended, or unknown. */
export function lengthOf({ move, until }: StateVisit): number | null {
  return until === null ? null : Math.max(0, Date.parse(until) - Date.parse(move.at));
}

/** From an attempt's first move to the one that ended it, in ms; null while it runs. */
export function runOf({ visits }: Attempt): number | null {
  const first = visits.find((stay) => stay !== null);
  const last = visits.at(-1);
  if (!first || !last || !isFinal(last.move.status)) {
    return null;
  }
  return Math.max(0, Date.parse(last.move.at) - Date.parse(first.move.at));
}
