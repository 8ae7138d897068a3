// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { Outbox } from "#/transport/outbox";
import { Sent } from "./sent";
import { anna, wireMessage } from "./sessionRigForTest";

const surroundings = { now: () => 0, random: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
const ids = new Set([anna.id]);

it("knows the last hundred messages that went out from here, one that went out again among the newest", () => {
  const sent = new Sent(new Outbox<string>({ surroundings, send: () => true }), surroundings.now);
  for (let number = 1; number <= 100; ++number) {
    sent.transmitted(`c-${number}`);
  }
  sent.transmitted("c-1");
  sent.transmitted("c-101");
  const known = (id: string) => sent.settle(wireMessage(1, { user: anna, clientId: id }), ids).sentHere === true;
  expect(["c-1", "c-2", "c-3", "c-101"].map(known)).toEqual([true, false, true, true]);
});
