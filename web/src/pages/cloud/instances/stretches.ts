// SPDX-License-Identifier: Apache-2.0
import type { RunState } from "../store/types";
import type { ServerLine } from "../store/worklog";

/** A time through which an instance was in one state, or on its way to another. */
export interface Stretch {
  what: RunState | "changing";
  from: number;
  to: number;
}

/** The life of an instance as far as its lines tell it, until `now`; equal neighbours are one. */
export function stretchesOf(lines: readonly ServerLine[], now: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  lines.forEach(({ type, time, instance }, at) => {
    const what = type === "received" ? "changing" : instance.state;
    const to = Math.max(time, lines[at + 1]?.time ?? (type === "removed" ? time : now));
    const last = stretches.at(-1);
    if (last?.what === what) {
      last.to = to;
    } else if (to > time) {
      stretches.push({ what, from: time, to });
    }
  });
  return stretches;
}
