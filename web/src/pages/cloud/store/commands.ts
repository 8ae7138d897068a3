// SPDX-License-Identifier: Apache-2.0
import type { CloudEvent, Instance, OperationKind } from "./types";

/**
 * A command that was given here, over what is confirmed: it locks its instance at the click, and taking it away is all there
 * is to a rollback.
 */
export interface Command {
  /** Made here; the server knows a repeated create by it. */
  key: string;
  kind: OperationKind;
  /** Null: a create that has not been answered. */
  instanceId: string | null;
  /** Null until the server has answered. */
  operationId: string | null;
  /** The server's events have told of it: from now on they are what is shown. */
  confirmed: boolean;
}

export type Commands = ReadonlyMap<string, Command>;

export function begun(commands: Commands, ...given: readonly Command[]): Commands {
  return new Map([...commands, ...given.map((command): [string, Command] => [command.key, command])]);
}

export function dropped(commands: Commands, key: string): Commands {
  const rest = new Map(commands);
  return rest.delete(key) ? rest : commands;
}

/** The server took it. `heard` are the events so far: those of the command may have been faster than the answer. */
export function accepted(
  commands: Commands,
  key: string,
  answer: { operationId: string; instanceId: string },
  heard: readonly CloudEvent[],
): Commands {
  const command = commands.get(key);
  if (!command) {
    return commands;
  }
  const known = new Map(commands).set(key, { ...command, ...answer });
  return settled(
    known,
    heard.filter((event) => event.operationId === answer.operationId),
  );
}

/** What came in is confirmed by the server; what has ended is done with. */
export function settled(commands: Commands, events: readonly CloudEvent[]): Commands {
  let left = commands;
  for (const { operationId, type } of events) {
    const command = commandOf(left, operationId);
    if (command) {
      left = type === "received" ? begun(left, { ...command, confirmed: true }) : dropped(left, command.key);
    }
  }
  return left;
}

/** A snapshot holds every command that was answered before it: what does not run in it any more has ended. */
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

/** What was asked of an instance and is not confirmed yet; null: nothing. */
export function unconfirmedOf(commands: Commands, instanceId: string): OperationKind | null {
  for (const command of commands.values()) {
    if (command.instanceId === instanceId && !command.confirmed) {
      return command.kind;
    }
  }
  return null;
}

/** The instances of which something was asked that is not confirmed yet. */
export function lockedBy(commands: Commands): ReadonlySet<string | null> {
  return new Set([...commands.values()].filter(({ confirmed }) => !confirmed).map(({ instanceId }) => instanceId));
}

/** A create was asked for and is not confirmed yet. */
export function isCreating(commands: Commands): boolean {
  return [...commands.values()].some(({ kind, confirmed }) => kind === "create" && !confirmed);
}

/** The instance that was last created here and is not done yet; null: none. */
export function createdHere(commands: Commands): string | null {
  const creates = [...commands.values()].filter(({ kind }) => kind === "create");
  return creates.at(-1)?.instanceId ?? null;
}
