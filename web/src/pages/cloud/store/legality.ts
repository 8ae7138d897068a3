// SPDX-License-Identifier: Apache-2.0
import type { OperationKind, RunState } from "./types";

/** The actions on an existing instance. */
export type Action = Exclude<OperationKind, "create">;
export const actions: readonly Action[] = ["start", "stop", "remove"];

/** Why an action is not possible: the operation that still runs, or the state that the instance already has. */
export type Obstacle = OperationKind | RunState;

const table: Record<RunState, Record<Action, Obstacle | null>> = {
  running: { start: "running", stop: null, remove: null },
  stopped: { start: null, stop: "stopped", remove: null },
};

/** Why `action` is not possible; null: it is. The server checks the same (instance.hpp, `check_may_begin`). */
export function obstacleTo(action: Action, state: RunState, running: OperationKind | null): Obstacle | null {
  return running ?? table[state][action];
}
