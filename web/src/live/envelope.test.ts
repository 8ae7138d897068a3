// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parseEnvelope, parseHeartbeat, retryDelayIn, topicIn } from "./envelope";

test("an envelope and its id make an event", () => {
  const text =
    '{"topic":"howl:cloud","epoch":"ypkswd9d","offset":3,"type":"received","time":"2026-11-21T22:39:24.421Z","data":"{\\"a\\":1}"}';
  expect(parseEnvelope(text, "ypkswd9d.7.7v2ewmiq.1")).toEqual({
    topic: "howl:cloud",
    epoch: "ypkswd9d",
    offset: 3,
    type: "received",
    time: Date.UTC(2026, 10, 21, 22, 39, 24, 421),
    data: '{"a":1}',
    cursor: { durableEpoch: "ypkswd9d", durable: 7, volatileEpoch: "7v2ewmiq", volatile: 1 },
  });
});

test.each([
  ["no JSON", "{", "d.1.v.1"],
  ["no object", "[]", "d.1.v.1"],
  ["no cursor", '{"topic":"a","epoch":"d","offset":1,"type":"t","time":"2026-11-21T22:39:24.421Z","data":""}', ""],
  ["no offset", '{"topic":"a","epoch":"d","type":"t","time":"2026-11-21T22:39:24.421Z","data":""}', "d.1.v.1"],
  ["no time", '{"topic":"a","epoch":"d","offset":1,"type":"t","time":"soon","data":""}', "d.1.v.1"],
])("what has %s is none", (_what, text, id) => {
  expect(parseEnvelope(text, id)).toBeNull();
});

test("a heartbeat says the server's time and how often it comes, or neither", () => {
  const time = Date.UTC(2026, 10, 21, 22, 39, 24, 421);
  expect(parseHeartbeat('{"time":"2026-11-21T22:39:24.421Z","everyMs":10000}')).toEqual({ time, everyMs: 10_000 });
  expect(parseHeartbeat('{"everyMs":10000}')).toEqual({ everyMs: 10_000 });
  expect(["{}", '{"everyMs":"soon"}', ""].map(parseHeartbeat)).toEqual(Array(3).fill({ everyMs: 0 }));
});
test("what is missing or of another kind reads as none", () => {
  expect(['{"retryMs":7}', '{"retryMs":"7"}', ""].map(retryDelayIn)).toEqual([7, 0, 0]);
  expect(['{"topic":"a"}', '{"topic":7}', ""].map(topicIn)).toEqual(["a", "", ""]);
});
