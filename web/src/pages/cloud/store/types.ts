// SPDX-License-Identifier: Apache-2.0

/** The words of docs/API.md, "Cloud dashboard". Points in time are ms since 1970 on the server's clock. */
export type RunState = "running" | "stopped";
export type OperationKind = "create" | "start" | "stop" | "remove";
export type EventType = "received" | "created" | "started" | "stopped" | "removed" | "failed";

/** Work on an instance that takes its time. */
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

/** What the server said about a command: that it came in, or what became of it. */
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
  /** The instance behind the event. */
  instance: Instance;
}

/** Whether the instance is there no more behind the event: it was removed, or could not be created. */
export function endsInstance(event: CloudEvent): boolean {
  return event.type === "removed" || (event.type === "failed" && event.kind === "create");
}
