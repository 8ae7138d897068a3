// SPDX-License-Identifier: Apache-2.0
import type { Reports } from "./reduce";
import type { Status } from "./status";

/** A move requested here, as an overlay on the confirmed state. */
export interface PendingMove {
  to: Status;
  /** The report's version at the request: a higher one ends it, whoever made that move. */
  version: number;
  /** Why it failed; null while it is pending. */
  failure: Failure | null;
}

export interface Failure {
  code: string;
  /** The server's message. */
  detail: string;
}

/** By report id. Separate from the reports: an update never erases it, and a rollback only removes it. */
export type PendingMoves = ReadonlyMap<string, PendingMove>;

/** The moves still pending with these reports. */
export function stillPending(moves: PendingMoves, reports: Reports): PendingMoves {
  const open = [...moves].filter(([id, { version }]) => reports.get(id)?.version === version);
  return open.length === moves.size ? moves : new Map(open);
}

export function withPending(moves: PendingMoves, id: string, move: PendingMove): PendingMoves {
  return new Map(moves).set(id, move);
}

export function withFailure(moves: PendingMoves, id: string, failure: Failure): PendingMoves {
  const move = moves.get(id);
  // Where it is gone, the report has changed state in between: there is nothing to explain.
  return move ? withPending(moves, id, { ...move, failure }) : moves;
}
