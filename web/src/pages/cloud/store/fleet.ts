// SPDX-License-Identifier: Apache-2.0
import { sequenceIn } from "#/live/cursor";
import type { Cursor } from "#/live/types";
import type { Instance } from "./types";

/** The state of an instance in an event; `at` is its sequence in the lane of its epoch. */
export interface Change {
  epoch: string;
  at: number;
  instance: Instance;
  /** The instance does not exist any more. */
  ended: boolean;
}

interface Known {
  instance: Instance;
  /** The sequence of the change; 0: the snapshot. */
  at: number;
}

/**
 * The confirmed state of the instances: a snapshot and the changes since. The newest change of each instance counts, so changes
 * and snapshots may come in any order, and more than once, and the result is the same.
 */
export interface Fleet {
  /** The cursor of the snapshot; null before the first one. */
  base: Cursor | null;
  /** The epoch of the changes; null before the first one. */
  epoch: string | null;
  /** In the order in which they were created. */
  known: ReadonlyMap<string, Known>;
  /** The last ones that ended, so that a late change does not bring one back. */
  gone: ReadonlyMap<string, number>;
}

export const emptyFleet: Fleet = { base: null, epoch: null, known: new Map(), gone: new Map() };

/** The number of ended instances that are remembered: no change is delayed by more than this many others. */
const goneKept = 1000;

export function applyChanges(fleet: Fleet, changes: readonly Change[]): Fleet {
  const fresh = changes.filter((change) => isFresh(fleet, change));
  const first = fresh[0];
  if (!first) {
    return fleet;
  }
  const known = new Map(fleet.known);
  const gone = new Map(fleet.gone);
  for (const { instance, at, ended } of fresh) {
    const last = Math.max(known.get(instance.id)?.at ?? 0, gone.get(instance.id) ?? 0);
    if (at <= last) {
      continue;
    }
    if (ended) {
      known.delete(instance.id);
      gone.set(instance.id, at);
    } else if (!gone.has(instance.id)) {
      known.set(instance.id, { instance, at });
    }
  }
  forgetOldest(gone);
  return { base: fleet.base, epoch: first.epoch, known, gone };
}

/** Whether the change is newer than the snapshot. A change of an unknown epoch is old, or a new snapshot is coming. */
function isFresh({ base }: Fleet, { epoch, at }: Change): boolean {
  if (base === null) {
    return true;
  }
  const from = sequenceIn(base, epoch);
  return from !== null && at > from;
}

export function applySnapshot(fleet: Fleet, instances: readonly Instance[], base: Cursor): Fleet {
  const { epoch } = fleet;
  const from = epoch === null ? null : sequenceIn(base, epoch);
  if (epoch === null || from === null) {
    const known = new Map(instances.map((instance) => [instance.id, { instance, at: 0 }]));
    return { base, epoch: null, known, gone: new Map() };
  }
  if (fleet.base !== null && from < (sequenceIn(fleet.base, epoch) ?? 0)) {
    return fleet;
  }
  const gone = new Map([...fleet.gone].filter(([, at]) => at > from));
  const known = new Map<string, Known>();
  for (const instance of instances) {
    if (!gone.has(instance.id)) {
      known.set(instance.id, { instance, at: 0 });
    }
  }
  for (const [id, later] of fleet.known) {
    if (later.at > from) {
      known.set(id, later);
    }
  }
  return { base, epoch, known, gone };
}

function forgetOldest(gone: Map<string, number>): void {
  for (const id of gone.keys()) {
    if (gone.size <= goneKept) {
      return;
    }
    gone.delete(id);
  }
}
