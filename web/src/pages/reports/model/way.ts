// SPDX-License-Identifier: Apache-2.0
import type { Attempt, Stay } from "./attempts";
import { movesFrom, type Status, statuses } from "./status";

/**
 * Where a state stands in an attempt: `passed`, `here` (the last that was reached), `ahead` (may still come), or `closed`
 * (this attempt does not come there any more).
 */
export type Reach = "passed" | "here" | "ahead" | "closed";

export interface Station {
  status: Status;
  reach: Reach;
  /** Null where it was not reached, or we have not heard how. */
  stay: Stay | null;
}

export interface Track {
  from: Status;
  to: Status;
  reach: "passed" | "ahead" | "closed";
}

/** An attempt as a map: the six states, and the six moves between them that lead on. */
export interface Way {
  stations: Record<Status, Station>;
  tracks: readonly Track[];
}

/** Moves within an attempt: those back to pending begin the next one. */
function movesOn(from: Status): readonly Status[] {
  return movesFrom(from).filter((to) => to !== "pending");
}

/** The states that can still come after one. */
function openFrom(status: Status): Set<Status> {
  return new Set(movesOn(status).flatMap((to) => [to, ...openFrom(to)]));
}

/** The states from pending to the last that was reached. Moves we have not heard of are filled in: there is one way only. */
function pathOf(heard: readonly Stay[]): Status[] {
  const path: Status[] = [heard.at(-1)?.move.status ?? "pending"];
  for (let first = path[0]; first && first !== "pending"; first = path[0]) {
    const to = first;
    const entries = statuses.filter((from) => movesOn(from).includes(to));
    // Only canceled is entered from two states; the later one that was seen is the one it came from.
    const seen = entries.findLast((from) => heard.some((stay) => stay.move.status === from));
    path.unshift(seen ?? entries[0] ?? "pending");
  }
  return path;
}

export function wayOf({ stays }: Attempt): Way {
  const heard = stays.filter((stay) => stay !== null);
  const path = pathOf(heard);
  const here = path.at(-1) ?? "pending";
  const open = openFrom(here);

  const reachOf = (status: Status): Reach => {
    if (status === here) {
      return "here";
    }
    return path.includes(status) ? "passed" : open.has(status) ? "ahead" : "closed";
  };
  const reachOfTrack = (from: Status, to: Status): Track["reach"] => {
    if (path.some((status, i) => status === from && path[i + 1] === to)) {
      return "passed";
    }
    return from === here || open.has(from) ? "ahead" : "closed";
  };
  const station = (status: Status): Station => ({
    status,
    reach: reachOf(status),
    stay: heard.find((stay) => stay.move.status === status) ?? null,
  });
  return {
    stations: {
      pending: station("pending"),
      queued: station("queued"),
      processing: station("processing"),
      completed: station("completed"),
      failed: station("failed"),
      canceled: station("canceled"),
    },
    tracks: statuses.flatMap((from) => movesOn(from).map((to) => ({ from, to, reach: reachOfTrack(from, to) }))),
  };
}
