// SPDX-License-Identifier: Apache-2.0
import type { RunState } from "../store/types";
import type { ServerLine } from "../store/worklog";

/** A period in which an instance was in one state, or changing to another. */
export interface StateInterval {
  what: RunState | "changing";
  from: number;
  to: number;
}

/** The states of an instance by its Worklog lines, until `now`; equal neighbours are merged. */
export function stateIntervals(lines: readonly ServerLine[], now: number): readonly StateInterval[] {
  const intervals: StateInterval[] = [];
  lines.forEach(({ type, time, instance }, at) => {
    const what = type === "received" ? "changing" : instance.state;
    const to = Math.max(time, lines[at + 1]?.time ?? (type === "removed" ? time : now));
    const last = intervals.at(-1);
    if (last?.what === what) {
      last.to = to;
    } else if (to > time) {
      intervals.push({ what, from: time, to });
    }
  });
  return intervals;
}
