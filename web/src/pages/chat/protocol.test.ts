// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parseServerMessage } from "./protocol";

const user = { id: "u-1", name: "Anna" };

test.each([
  { type: "registered", user },
  { type: "join", cursor: "e.1.v.1", user },
  { type: "message", cursor: "e.1.v.1", offset: 1, time: "2026-11-21T12:45:37.251Z", user, text: "hello" },
])("the words of the server are read: $type", (word) => {
  expect(parseServerMessage(JSON.stringify({ ...word, of: "tomorrow" }))).toEqual(word);
});

test.each([
  ["no JSON", "{"],
  ["no object", "null"],
  ["a word of a newer server", '{"type":"renamed"}'],
  ["a word without what belongs to it", '{"type":"registered"}'],
  ["a message whose author is none", '{"type":"join","cursor":"e.1.v.1","user":"Anna"}'],
])("%s is left out", (_what, text) => {
  expect(parseServerMessage(text)).toBeNull();
});
