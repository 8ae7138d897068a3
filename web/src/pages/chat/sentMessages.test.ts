// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { Outbox } from "#/transport/outbox";
import { SentMessages } from "./sentMessages";
import { anna, wireMessage } from "./sessionRigForTest";

const environment = { now: () => 0, random: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
const ids = new Set([anna.id]);

it("knows the last hundred messages that went out from here, one that went out again among the newest", () => {
  const sent = new SentMessages(new Outbox<string>({ environment, send: () => true }), environment.now);
  for (let number = 1; number <= 100; ++number) {
    sent.transmitted(`c-${number}`);
  }
  sent.transmitted("c-1");
  sent.transmitted("c-101");
  const known = (id: string) => sent.confirm(wireMessage(1, { user: anna, clientId: id }), ids).sentHere === true;
  expect(["c-1", "c-2", "c-3", "c-101"].map(known)).toEqual([true, false, true, true]);
});
