// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Tone } from "#/ui/Badge";
import type { Obstacle } from "./legality";
import type { CloudEvent, EventType, OperationKind, RunState } from "./types";

/** The labels that both widgets share. */
export const stateLabels: Record<RunState, MessageDescriptor> = {
  running: msg`Running`,
  stopped: msg`Stopped`,
};

export const operationLabels: Record<OperationKind, MessageDescriptor> = {
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

export const obstacleLabels: Record<Obstacle, MessageDescriptor> = {
  create: msg`It is still being created`,
  start: msg`It is starting; wait until it has finished`,
  stop: msg`It is stopping; wait until it has finished`,
  remove: msg`It is being deleted`,
  running: msg`It is running already`,
  stopped: msg`It is stopped already`,
};

export const eventLabels: Record<EventType, MessageDescriptor> = {
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

/** The text of a Worklog line after its level, in the exact words of the original dashboard. */
export function lineText(type: EventType, kind: OperationKind): MessageDescriptor {
  if (type === "received") {
    return receivedWords[kind];
  }
  return type === "failed" ? failedWords[kind] : eventLabels[type];
}

/** The first letters of an id, enough to recognize it. */
export function shortId(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** The announcement for screen readers; null: none until the outcome. */
export function announcementOf({ type, kind, instance }: CloudEvent): MessageDescriptor | null {
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
      return failureText(kind, instance.id);
  }
}

/** The text of a failed operation. */
export function failureText(kind: OperationKind, instanceId: string | null): MessageDescriptor {
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
