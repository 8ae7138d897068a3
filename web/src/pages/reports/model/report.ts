// SPDX-License-Identifier: Apache-2.0
import type { Status } from "./status";

/** An entry of a report's history (docs/API.md, "Reports"). Times stay strings as sent: they sort as text. */
export interface Move {
  status: Status;
  at: string;
  by: string;
  via: string;
  attempt: number;
}

/** What every event and every response contains of a report. Of two summaries the one of the higher version counts. */
export interface ReportSummary {
  id: string;
  userId: string;
  status: Status;
  attempt: number;
  /** Grows by one with every move. */
  version: number;
  createdAt: string;
  updatedAt: string;
  allowed: readonly Status[];
}

/** An event: the summary after a move, and the move. */
export interface ReportEvent extends ReportSummary {
  move: Move;
}

/** A response: the summary with all moves. */
export interface FullReport extends ReportSummary {
  history: readonly Move[];
}

/** A report as this page knows it. The last entry of `history` is that of `version`; null: an unknown move. */
export interface Report extends ReportSummary {
  history: readonly (Move | null)[];
}

export function hasGap(report: Report): boolean {
  return report.history.includes(null);
}

/** The version of the first entry: 1, but for reports whose first moves another program made. */
function firstVersion(report: Report): number {
  return report.version - report.history.length + 1;
}

/** Applies an event; returns the same object where nothing is new. Commutative and idempotent. */
export function withEvent(known: Report | undefined, { move, ...summary }: ReportEvent): Report {
  if (!known) {
    return { ...summary, history: [...Array<null>(summary.version - 1).fill(null), move] };
  }
  const index = summary.version - firstVersion(known);
  if (index < 0 || known.history[index]) {
    return known;
  }
  const history = [...known.history];
  while (history.length < index) {
    history.push(null);
  }
  history[index] = move;
  return summary.version > known.version ? { ...summary, history } : { ...known, history };
}

/** Applies a response, by the same rules; an old one still fills gaps in the history of a newer one. */
export function withFullReport(known: Report | undefined, whole: FullReport): Report {
  if (!known || whole.version > known.version) {
    return whole;
  }
  if (!hasGap(known)) {
    return known;
  }
  const first = firstVersion(whole);
  const history = Array.from(
    { length: known.version - first + 1 },
    (_, i) => whole.history[i] ?? known.history[first + i - firstVersion(known)] ?? null,
  );
  return { ...known, history };
}
