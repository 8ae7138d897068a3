// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Tone } from "#/ui/Badge";
import type { Obstacle } from "./legality";
import type { CloudEvent, EventType, OperationKind, RunState } from "./types";

/** Both widgets say the same words. */
export const stateWords: Record<RunState, MessageDescriptor> = {
  running: msg`Running`,
  stopped: msg`Stopped`,
};

export const operationWords: Record<OperationKind, MessageDescriptor> = {
  create: msg`Creating…`,
  start: msg`Starting…`,
  stop: msg`Stopping…`,
  remove: msg`Deleting…`,
};

export const operationTones: Record<OperationKind, Tone> = {
  create: "queue",
  start: "busy",
  stop: "wait",
  remove: "bad",
};

export const obstacleWords: Record<Obstacle, MessageDescriptor> = {
  create: msg`It is still being created`,
  start: msg`It is starting; wait until that has ended`,
  stop: msg`It is stopping; wait until that has ended`,
  remove: msg`It is being deleted`,
  running: msg`It is running already`,
  stopped: msg`It is stopped already`,
};

export const eventWords: Record<EventType, MessageDescriptor> = {
  received: msg`Received`,
  created: msg`Created`,
  started: msg`Started`,
  stopped: msg`Stopped`,
  removed: msg`Removed`,
  failed: msg`Failed`,
};

const receivedWords: Record<OperationKind, MessageDescriptor> = {
  create: msg`Received "Create command"`,
  start: msg`Received "Start command"`,
  stop: msg`Received "Stop command"`,
  remove: msg`Received "Remove command"`,
};

const failedWords: Record<OperationKind, MessageDescriptor> = {
  create: msg`"Create command" failed`,
  start: msg`"Start command" failed`,
  stop: msg`"Stop command" failed`,
  remove: msg`"Remove command" failed`,
};

/** What a line of the Worklog says behind its level: to the letter what the page that this one follows said. */
export function lineWords(type: EventType, kind: OperationKind): MessageDescriptor {
  if (type === "received") {
    return receivedWords[kind];
  }
  return type === "failed" ? failedWords[kind] : eventWords[type];
}

/** Enough of an id to tell it by. */
export function shortId(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** For a screen reader: what has become of an instance; null for what is only on its way. */
export function newsOf({ type, kind, instance }: CloudEvent): MessageDescriptor | null {
  const id = shortId(instance.id);
  switch (type) {
    case "received":
      return null;
    case "created":
      return msg`Instance ${id} created`;
    case "started":
      return msg`Instance ${id} started`;
    case "stopped":
      return msg`Instance ${id} stopped`;
    case "removed":
      return msg`Instance ${id} deleted`;
    case "failed":
      return failureWords(kind, instance.id);
  }
}

/** What could not be done. */
export function failureWords(kind: OperationKind, instanceId: string | null): MessageDescriptor {
  const id = shortId(instanceId ?? "");
  switch (kind) {
    case "create":
      return msg`The instance could not be created`;
    case "start":
      return msg`Instance ${id} could not be started`;
    case "stop":
      return msg`Instance ${id} could not be stopped`;
    case "remove":
      return msg`Instance ${id} could not be deleted`;
  }
}
