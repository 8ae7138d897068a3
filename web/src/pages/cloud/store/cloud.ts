// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import type { Cursor } from "#/live/types";
import {
  accepted,
  type Command,
  type Commands,
  settledByEvents,
  settledBySnapshot,
  withCommands,
  withoutCommand,
} from "./commands";
import { applyChanges, applySnapshot, type Change, emptyFleet, type Fleet } from "./fleet";
import { type CloudEvent, endsInstance, type Instance, type OperationKind } from "./types";
import { addEvents, emptyWorklog, type Worklog } from "./worklog";

/** A command that the server did not start; it is a line of this tab's Worklog only. */
export interface Refusal {
  key: string;
  at: number;
  kind: OperationKind;
  instanceId: string | null;
  /** A code of the server, `unreachable` or `unconfirmed`. */
  code: string;
}

/** A position in the Worklog: lines up to `offset` and refusals up to `at` are before it. */
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
  /** Why the list could not be read; null: no error. */
  error: unknown;
  /** Why older lines could not be loaded. */
  historyError: unknown;
  /** The Worklog is paused at this offset; null: it follows new lines. */
  pausedAt: number | null;
  /** The position at which the view of the Worklog was cleared last. */
  clearing: Clearing | null;
  /** Selected for an action on several instances. */
  selected: ReadonlySet<string>;
}

export const emptyCloud: Store = {
  fleet: emptyFleet,
  worklog: emptyWorklog,
  commands: new Map(),
  refusals: [],
  error: null,
  historyError: null,
  pausedAt: null,
  clearing: null,
  selected: new Set(),
};

/** The store that the cloud page's widgets share; they do not know each other. */
export const useCloud = create<Store>()(() => emptyCloud);

const { setState: set, getState: get } = useCloud;
const refusalsKept = 100;

export interface SequencedEvent {
  event: CloudEvent;
  /** Its sequence in the lane of its epoch. */
  at: number;
}

export function storeEvents(placed: readonly SequencedEvent[]): void {
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
    commands: settledByEvents(commands, events),
    selected: without(selected, events),
  }));
}

export function storeSnapshot(instances: readonly Instance[], base: Cursor): void {
  set((store) => {
    const fleet = applySnapshot(store.fleet, instances, base);
    return {
      fleet,
      commands: settledBySnapshot(store.commands, instances),
      selected: new Set([...store.selected].filter((id) => fleet.known.has(id))),
      error: null,
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
  set(({ commands }) => ({ commands: withCommands(commands, ...given) }));
}

export function accept(key: string, answer: { operationId: string; instanceId: string }): void {
  set(({ commands, worklog }) => ({ commands: accepted(commands, key, answer, worklog.lines) }));
}

/** Drops a command without an error. */
export function forget(key: string): void {
  set(({ commands }) => ({ commands: withoutCommand(commands, key) }));
}

export function rollBack(key: string, refusal: Refusal): void {
  set(({ commands, refusals }) => ({
    commands: withoutCommand(commands, key),
    refusals: [...refusals, refusal].slice(-refusalsKept),
  }));
}

/** Follows the Worklog, or pauses it at its last line. */
export function setFollowing(following: boolean): void {
  set(({ pausedAt, worklog }) => ({
    pausedAt: following ? null : (pausedAt ?? worklog.lines.at(-1)?.offset ?? 0),
  }));
}

export function toggleFollowing(): void {
  setFollowing(get().pausedAt !== null);
}

/** Clears the view of the Worklog; later lines are shown. */
export function clearWorklog(): void {
  set(({ worklog: { epoch, lines }, refusals }) => {
    const [line, refusal] = [lines.at(-1), refusals.at(-1)];
    return { clearing: { epoch, offset: line?.offset ?? 0, at: refusal?.at ?? 0 } };
  });
}

/** Shows the cleared lines again. */
export function unclearWorklog(): void {
  set({ clearing: null });
}

/** The clearing of the current log; null: none, or it belongs to another epoch. */
export function clearingOf({ clearing, worklog }: Store): Clearing | null {
  return clearing?.epoch === worklog.epoch ? clearing : null;
}

export function setSelected(selected: ReadonlySet<string>): void {
  set({ selected });
}
