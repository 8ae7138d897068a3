// SPDX-License-Identifier: Apache-2.0
import type { InstanceEventType, InstanceState, OperationKind } from "#/contract/shapes";

/** The words of docs/API.md, "Cloud dashboard". Points in time are ms since 1970 on the server's clock. */
export type { OperationKind };
export type RunState = InstanceState;
export type EventType = InstanceEventType;

/** A running operation of an instance. */
export interface Operation {
  id: string;
  kind: OperationKind;
  startedAt: number;
  durationMs: number;
}

export interface Instance {
  id: string;
  /** Empty: none was given. */
  name: string;
  state: RunState;
  /** When the state last changed. */
  changedAt: number;
  operation: Operation | null;
}

/** An event of a command: that it was received, or its outcome. */
export interface CloudEvent {
  epoch: string;
  offset: number;
  time: number;
  type: EventType;
  operationId: string;
  kind: OperationKind;
  /** Where the command came from: `api`, `cloud-commands`, `cloud-toggle`. */
  door: string;
  /** The code of what went wrong; null unless it failed. */
  error: string | null;
  /** The instance after the event. */
  instance: Instance;
}

/** Whether the instance does not exist after the event: it was removed, or could not be created. */
export function endsInstance(event: CloudEvent): boolean {
  return event.type === "removed" || (event.type === "failed" && event.kind === "create");
}
