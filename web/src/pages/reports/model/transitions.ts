// SPDX-License-Identifier: Apache-2.0
import type { Attempt, StateVisit } from "./attempts";
import { movesFrom, type Status, statuses } from "./status";

/**
 * The progress of an attempt relative to a state: `passed`, `here` (the last state reached), `ahead` (may still come), or
 * `closed` (not reachable any more).
 */
export type StateProgress = "passed" | "here" | "ahead" | "closed";

export interface StateNode {
  status: Status;
  progress: StateProgress;
  /** Null where it was not reached, or the move is unknown. */
  stay: StateVisit | null;
}

export interface Transition {
  from: Status;
  to: Status;
  progress: "passed" | "ahead" | "closed";
}

/** An attempt as a graph: the six states, and the six moves between them within one attempt. */
export interface TransitionGraph {
  nodes: Record<Status, StateNode>;
  transitions: readonly Transition[];
}

/** Moves within an attempt: a move back to pending starts the next one. */
function forwardMoves(from: Status): readonly Status[] {
  return movesFrom(from).filter((to) => to !== "pending");
}

/** The states that can still come after one. */
function reachableFrom(status: Status): Set<Status> {
  return new Set(forwardMoves(status).flatMap((to) => [to, ...reachableFrom(to)]));
}

/** The states from pending to the last that was reached. Unknown moves are filled in, where only one path is possible. */
function pathOf(known: readonly StateVisit[]): Status[] {
  const path: Status[] = [known.at(-1)?.move.status ?? "pending"];
  for (let first = path[0]; first && first !== "pending"; first = path[0]) {
    const to = first;
    const entries = statuses.filter((from) => forwardMoves(from).includes(to));
    // Only canceled is entered from two states; the later one that was seen is the one it came from.
    const seen = entries.findLast((from) => known.some((stay) => stay.move.status === from));
    path.unshift(seen ?? entries[0] ?? "pending");
  }
  return path;
}

export function transitionsOf({ visits }: Attempt): TransitionGraph {
  const known = visits.filter((stay) => stay !== null);
  const path = pathOf(known);
  const here = path.at(-1) ?? "pending";
  const reachable = reachableFrom(here);

  const progressOf = (status: Status): StateProgress => {
    if (status === here) {
      return "here";
    }
    return path.includes(status) ? "passed" : reachable.has(status) ? "ahead" : "closed";
  };
  const transitionProgress = (from: Status, to: Status): Transition["progress"] => {
    if (path.some((status, i) => status === from && path[i + 1] === to)) {
      return "passed";
    }
    return from === here || reachable.has(from) ? "ahead" : "closed";
  };
  const station = (status: Status): StateNode => ({
    status,
    progress: progressOf(status),
    stay: known.find((stay) => stay.move.status === status) ?? null,
  });
  return {
    nodes: {
      pending: station("pending"),
      queued: station("queued"),
      processing: station("processing"),
      completed: station("completed"),
      failed: station("failed"),
      canceled: station("canceled"),
    },
    transitions: statuses.flatMap((from) =>
      forwardMoves(from).map((to) => ({ from, to, progress: transitionProgress(from, to) })),
    ),
  };
}
