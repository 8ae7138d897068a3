// SPDX-License-Identifier: Apache-2.0
import type { Status } from "./status";

/** An entry of a report's history (docs/API.md, "Reports"). Times stay the server's words: they sort as text. */
export interface Move {
  status: Status;
  at: string;
  by: string;
  via: string;
  attempt: number;
}

/** What every event and every answer says of a report. Of two pictures the one of the higher version counts. */
export interface Picture {
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

/** An event: the picture after a move, and the move. */
export interface ReportEvent extends Picture {
  move: Move;
}

/** An answer: the picture with all moves. */
export interface WholeReport extends Picture {
  history: readonly Move[];
}

/** A report as this page knows it. The last entry of `history` is that of `version`; null: a move we have not heard of. */
export interface Report extends Picture {
  history: readonly (Move | null)[];
}

export function hasGap(report: Report): boolean {
  return report.history.includes(null);
}

/** The version of the first entry: 1, but for reports whose first moves another program made. */
function firstVersion(report: Report): number {
  return report.version - report.history.length + 1;
}

/** Takes an event in; answers the same object where it says nothing new. Any order and any repetition end alike. */
export function withEvent(known: Report | undefined, { move, ...picture }: ReportEvent): Report {
  if (!known) {
    return { ...picture, history: [...Array<null>(picture.version - 1).fill(null), move] };
  }
  const index = picture.version - firstVersion(known);
  if (index < 0 || known.history[index]) {
    return known;
  }
  const history = [...known.history];
  while (history.length < index) {
    history.push(null);
  }
  history[index] = move;
  return picture.version > known.version ? { ...picture, history } : { ...known, history };
}

/** Takes an answer in, by the same rules; an old one still fills the gaps of a newer picture. */
export function withWhole(known: Report | undefined, whole: WholeReport): Report {
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
