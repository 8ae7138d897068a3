// SPDX-License-Identifier: Apache-2.0
import type { CloudEvent, Instance, OperationKind } from "./types";

/**
 * A command given in this tab, as an overlay on the confirmed state: it locks its instance at the click, and a rollback only
 * removes it.
 */
export interface Command {
  /** Generated here; the server recognizes a repeated create by it. */
  key: string;
  kind: OperationKind;
  /** The name of a new instance; absent: none. */
  name?: string;
  /** Null: a create that has not been answered. */
  instanceId: string | null;
  /** Null until the server has answered. */
  operationId: string | null;
  /** Its event has arrived: from now on the confirmed state shows it. */
  confirmed: boolean;
}

export type Commands = ReadonlyMap<string, Command>;

export function withCommands(commands: Commands, ...given: readonly Command[]): Commands {
  return new Map([...commands, ...given.map((command): [string, Command] => [command.key, command])]);
}

export function withoutCommand(commands: Commands, key: string): Commands {
  const rest = new Map(commands);
  return rest.delete(key) ? rest : commands;
}

/** The server accepted the command. `events` are those so far: they may have arrived before the answer. */
export function accepted(
  commands: Commands,
  key: string,
  answer: { operationId: string; instanceId: string },
  events: readonly CloudEvent[],
): Commands {
  const command = commands.get(key);
  if (!command) {
    return commands;
  }
  const known = new Map(commands).set(key, { ...command, ...answer });
  return settledByEvents(
    known,
    events.filter((event) => event.operationId === answer.operationId),
  );
}

/** Confirms the commands whose `received` arrived, and drops those that have ended. */
export function settledByEvents(commands: Commands, events: readonly CloudEvent[]): Commands {
  let left = commands;
  for (const { operationId, type } of events) {
    const command = commandOf(left, operationId);
    if (command) {
      left =
        type === "received" ? withCommands(left, { ...command, confirmed: true }) : withoutCommand(left, command.key);
    }
  }
  return left;
}

/** A snapshot contains every command that was answered before it: one that does not run in it any more has ended. */
export function settledBySnapshot(commands: Commands, instances: readonly Instance[]): Commands {
  const running = new Set(instances.map(({ operation }) => operation?.id));
  const left = [...commands].filter(([, { operationId }]) => operationId === null || running.has(operationId));
  return new Map(left.map(([key, command]) => [key, { ...command, confirmed: command.operationId !== null }]));
}

export function commandOf(commands: Commands, operationId: string): Command | undefined {
  return commands.size === 0
    ? undefined
    : [...commands.values()].find((command) => command.operationId === operationId);
}

/** The unconfirmed command of an instance; null: none. */
export function unconfirmedOf(commands: Commands, instanceId: string): OperationKind | null {
  for (const command of commands.values()) {
    if (command.instanceId === instanceId && !command.confirmed) {
      return command.kind;
    }
  }
  return null;
}

/** The instances with unconfirmed commands. */
export function lockedBy(commands: Commands): ReadonlySet<string | null> {
  return new Set([...commands.values()].filter(({ confirmed }) => !confirmed).map(({ instanceId }) => instanceId));
}

/** Whether a create is unconfirmed. */
export function isCreating(commands: Commands): boolean {
  return [...commands.values()].some(({ kind, confirmed }) => kind === "create" && !confirmed);
}

/** The instance of the last create of this tab that has not ended; null: none. */
export function createdHere(commands: Commands): string | null {
  const creates = [...commands.values()].filter(({ kind }) => kind === "create");
  return creates.at(-1)?.instanceId ?? null;
}
