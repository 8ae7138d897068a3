// SPDX-License-Identifier: Apache-2.0

import { type Commands, lockedBy } from "../store/commands";
import type { Fleet } from "../store/fleet";
import { type Action, actions, obstacleTo } from "../store/legality";

/** Toggles one; with `from`, all between the two get the state of the clicked one. */
export function withRangeToggled(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  id: string,
  from: string | null,
): ReadonlySet<string> {
  const on = !selected.has(id);
  const start = from === null ? -1 : ids.indexOf(from);
  const end = ids.indexOf(id);
  const range = start < 0 ? [id] : ids.slice(Math.min(start, end), Math.max(start, end) + 1);
  const next = new Set(selected);
  for (const each of range) {
    if (on) {
      next.add(each);
    } else {
      next.delete(each);
    }
  }
  return next;
}

/** For each action, the selected instances that allow it. */
export function possibleOf(
  fleet: Fleet,
  commands: Commands,
  selected: ReadonlySet<string>,
): Record<Action, readonly string[]> {
  const possible: Record<Action, string[]> = { start: [], stop: [], remove: [] };
  const locked = lockedBy(commands);
  for (const id of selected) {
    const instance = locked.has(id) ? undefined : fleet.known.get(id)?.instance;
    for (const action of actions) {
      if (instance && obstacleTo(action, instance.state, instance.operation?.kind ?? null) === null) {
        possible[action].push(id);
      }
    }
  }
  return possible;
}
