// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { spellTopic } from "./topicName";

test.each([
  ["howl:cloud", "howl:cloud"],
  ["orders/new", "orders/new"],
  ["https://example.com/books/1", "https:/%2Fexample.com/books/1"],
  ["a b/Ж", "a%20b/%D0%96"],
  ["/a//b/", "%2Fa/%2Fb%2F"],
  ["a///b", "a/%2F%2Fb"],
  ["a/../b", "a%2F..%2Fb"],
  ["//", "%2F%2F"],
  ["100%", "100%25"],
  ["🐺!", "%F0%9F%90%BA%21"],
])("the topic %s is spelled %s", (name, spelling) => {
  expect(spellTopic(name)).toBe(spelling);
});
