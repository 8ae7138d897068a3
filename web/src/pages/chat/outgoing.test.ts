// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { newlyStuck, type Outgoing } from "./outgoing";

function item(id: string, state: Outgoing["state"]): Outgoing {
  return { id, value: id, state, since: 0, error: null };
}

it("announces what has just failed or needs a decision, each once", () => {
  const before = [item("a", "sending"), item("b", "waiting"), item("c", "failed"), item("d", "sending")];
  const items = [item("a", "failed"), item("b", "asking"), item("c", "failed"), item("d", "sending")];
  const ids = (news: readonly Outgoing[]) => news.map(({ id }) => id);
  expect(ids(newlyStuck(items, before))).toEqual(["a", "b"]);
  expect(newlyStuck(items, items)).toEqual([]);
});
it("announces again what fails again after a retry", () => {
  expect(newlyStuck([item("a", "failed")], [item("a", "sending")])).toHaveLength(1);
});
