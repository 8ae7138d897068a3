// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { numberIn, parseEnvelope, textIn } from "./envelope";

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

test("a member of another kind reads as none", () => {
  expect([numberIn('{"n":7}', "n"), numberIn('{"n":"7"}', "n"), numberIn("", "n")]).toEqual([7, 0, 0]);
  expect([textIn('{"topic":"a"}', "topic"), textIn('{"topic":7}', "topic"), textIn("", "topic")]).toEqual([
    "a",
    "",
    "",
  ]);
});
