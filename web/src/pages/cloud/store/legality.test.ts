// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { type Action, actions, obstacleTo } from "./legality";
import type { OperationKind, RunState } from "./types";

const states: RunState[] = ["running", "stopped"];
const operations: OperationKind[] = ["create", "start", "stop", "remove"];

test.each<[Action, RunState, string | null]>([
  ["start", "stopped", null],
  ["start", "running", "running"],
  ["stop", "running", null],
  ["stop", "stopped", "stopped"],
  ["remove", "running", null],
  ["remove", "stopped", null],
])("%s of a %s instance: obstacle %s", (action, state, obstacle) => {
  expect(obstacleTo(action, state, null)).toBe(obstacle);
});

test("while an operation runs no other action is possible", () => {
  for (const state of states) {
    for (const action of actions) {
      for (const operation of operations) {
        expect(obstacleTo(action, state, operation)).toBe(operation);
      }
    }
  }
});
