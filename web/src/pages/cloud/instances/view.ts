// SPDX-License-Identifier: Apache-2.0
import type { Sort, StateFilter } from "../store/address";
import type { Fleet } from "../store/fleet";
import type { Instance } from "../store/types";

export interface View {
  /** The visible instances, in display order. */
  ids: readonly string[];
  /** Counts of all that match the search, for the chips. */
  counts: Record<StateFilter | "all", number>;
}

/** The instances that match, sorted; a search matches the start of an id, or a part of a name. */
export function viewOf(fleet: Fleet, { q, state, sort }: { q: string; state: StateFilter | null; sort: Sort }): View {
  const counts = { all: 0, running: 0, stopped: 0, changing: 0 };
  const shown: Instance[] = [];
  const wanted = q.trim().toLowerCase();
  for (const { instance } of fleet.known.values()) {
    if (!instance.id.startsWith(wanted) && !instance.name.toLowerCase().includes(wanted)) {
      continue;
    }
    const changing = instance.operation !== null;
    counts.all += 1;
    counts[instance.state] += 1;
    counts.changing += changing ? 1 : 0;
    if (state === null || (state === "changing" ? changing : instance.state === state)) {
      shown.push(instance);
    }
  }
  return { ids: sorted(shown, sort).map(({ id }) => id), counts };
}

const rank = ({ operation, state }: Instance) => (operation ? 0 : state === "running" ? 1 : 2);

/** They come in the order of their creation; sorting keeps it among equals. */
function sorted(instances: Instance[], sort: Sort): Instance[] {
  switch (sort) {
    case "created":
      return instances;
    case "newest":
      return instances.reverse();
    case "state":
      return instances.sort((a, b) => rank(a) - rank(b));
    case "id":
      return instances.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
