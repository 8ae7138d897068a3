// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import type { Cursor } from "#/live/types";
import { accepted, begun, type Command, type Commands, dropped, settled, settledBySnapshot } from "./commands";
import { applyChanges, applySnapshot, type Change, emptyFleet, type Fleet } from "./fleet";
import { type CloudEvent, endsInstance, type Instance, type OperationKind } from "./types";
import { addEvents, emptyWorklog, type Worklog } from "./worklog";

/** A command that came to nothing before the server began with it; a line of the Worklog that is only here. */
export interface Refusal {
  key: string;
  at: number;
  kind: OperationKind;
  instanceId: string | null;
  /** A code of the server, `unreachable` or `unheard`. */
  code: string;
}

/** A place in the Worklog: lines up to `offset` and refusals up to `at` lie before it. */
export interface Clearing {
  epoch: string | null;
  offset: number;
  at: number;
}

interface Store {
  fleet: Fleet;
  worklog: Worklog;
  commands: Commands;
  refusals: readonly Refusal[];
  /** Why there is no list yet; null while that is no trouble. */
  trouble: unknown;
  /** Why older lines could not be loaded. */
  historyTrouble: unknown;
  /** The Worklog stands still behind this offset; null: it follows what comes. */
  pausedAt: number | null;
  /** Where the view of the Worklog was cleared last. */
  clearing: Clearing | null;
  /** Picked for something that is done to many. */
  selected: ReadonlySet<string>;
}

export const emptyCloud: Store = {
  fleet: emptyFleet,
  worklog: emptyWorklog,
  commands: new Map(),
  refusals: [],
  trouble: null,
  historyTrouble: null,
  pausedAt: null,
  clearing: null,
  selected: new Set(),
};

/** All that the cloud page's widgets share; they know nothing of each other. */
export const useCloud = create<Store>()(() => emptyCloud);

const { setState: set, getState: get } = useCloud;
const refusalsKept = 100;

export interface Placed {
  event: CloudEvent;
  /** Its sequence in the lane of its epoch. */
  at: number;
}

export function takeEvents(placed: readonly Placed[]): void {
  const events = placed.map(({ event }) => event);
  const changes = placed.map(
    ({ event, at }): Change => ({
      epoch: event.epoch,
      at,
      instance: event.instance,
      ended: endsInstance(event),
    }),
  );
  set(({ fleet, worklog, commands, selected }) => ({
    fleet: applyChanges(fleet, changes),
    worklog: addEvents(worklog, events),
    commands: settled(commands, events),
    selected: without(selected, events),
  }));
}

export function takeSnapshot(instances: readonly Instance[], base: Cursor): void {
  set((store) => {
    const fleet = applySnapshot(store.fleet, instances, base);
    return {
      fleet,
      commands: settledBySnapshot(store.commands, instances),
      selected: new Set([...store.selected].filter((id) => fleet.known.has(id))),
      trouble: null,
    };
  });
}

function without(selected: ReadonlySet<string>, events: readonly CloudEvent[]): ReadonlySet<string> {
  const ended = events.filter((event) => endsInstance(event) && selected.has(event.instance.id));
  if (ended.length === 0) {
    return selected;
  }
  const left = new Set(selected);
  for (const { instance } of ended) {
    left.delete(instance.id);
  }
  return left;
}

export function begin(...given: readonly Command[]): void {
  set(({ commands }) => ({ commands: begun(commands, ...given) }));
}

export function accept(key: string, answer: { operationId: string; instanceId: string }): void {
  set(({ commands, worklog }) => ({ commands: accepted(commands, key, answer, worklog.lines) }));
}

/** It is not waited for any more, and nothing went wrong. */
export function forget(key: string): void {
  set(({ commands }) => ({ commands: dropped(commands, key) }));
}

export function rollBack(key: string, refusal: Refusal): void {
  set(({ commands, refusals }) => ({
    commands: dropped(commands, key),
    refusals: [...refusals, refusal].slice(-refusalsKept),
  }));
}

/** Follows the Worklog, or lets it stand still where it is. */
export function setFollowing(following: boolean): void {
  set(({ pausedAt, worklog }) => ({
    pausedAt: following ? null : (pausedAt ?? worklog.lines.at(-1)?.offset ?? 0),
  }));
}

export function toggleFollowing(): void {
  setFollowing(get().pausedAt !== null);
}

/** Clears the view of the Worklog; what comes later is shown. */
export function clearWorklog(): void {
  set(({ worklog: { epoch, lines }, refusals }) => {
    const [line, refusal] = [lines.at(-1), refusals.at(-1)];
    return { clearing: { epoch, offset: line?.offset ?? 0, at: refusal?.at ?? 0 } };
  });
}

/** Shows again what was cleared away. */
export function uncoverWorklog(): void {
  set({ clearing: null });
}

/** What is cleared away of this log; null: nothing, a new log begins uncleared. */
export function clearingOf({ clearing, worklog }: Store): Clearing | null {
  return clearing?.epoch === worklog.epoch ? clearing : null;
}

export function setSelected(selected: ReadonlySet<string>): void {
  set({ selected });
}
