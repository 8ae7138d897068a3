// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { eventForTest, instanceForTest } from "../store/eventsForTest";
import type { ServerLine } from "../store/worklog";
import { countSince, jsonLinesOf, keyOf, type LineFilter, linesOf } from "./lines";

const line = (offset: number, id: string, type: ServerLine["type"] = "started"): ServerLine => ({
  ...eventForTest(offset, type, "start", instanceForTest(id)),
  took: null,
});
const log = [line(1, "aaa"), line(2, "bbb", "failed"), line(3, "aaa")];
const refusal = { key: "k", at: 2500, kind: "stop", instanceId: "bbb", code: "busy" } as const;
const all: LineFilter = { text: "", kinds: [], instanceId: null, clearing: null };
const words = (type: string, kind: string) => `${type} ${kind}`;
const keys = (filter: Partial<LineFilter>) => linesOf(log, [refusal], { ...all, ...filter }, words).map(keyOf);

test("without a filter and a refusal the log is shown as it is", () => {
  expect(linesOf(log, [], all, words)).toBe(log);
});

test("a refusal is inserted by time", () => {
  expect(keys({})).toEqual([1, 2, "k", 3]);
});

test("a refusal from before the first line that is loaded is not shown", () => {
  expect(linesOf(log.slice(2), [refusal], all, words).map(keyOf)).toEqual([3]);
});

test("the text is looked for in ids, words and codes, in small and capital letters", () => {
  expect(keys({ text: " AAA " })).toEqual([1, 3]);
  expect(keys({ text: "failed start" })).toEqual([2]);
  expect(keys({ text: "busy" })).toEqual(["k"]);
});

test("kinds and the one instance narrow it further; a refusal counts as failed", () => {
  expect(keys({ kinds: ["failed"] })).toEqual([2, "k"]);
  expect(keys({ instanceId: "aaa" })).toEqual([1, 3]);
  expect(keys({ kinds: ["failed"], instanceId: "aaa" })).toEqual([]);
});

test("lines before a clearing are not shown, later ones are, refusals too", () => {
  expect(keys({ clearing: { epoch: "e", offset: 2, at: 0 } })).toEqual(["k", 3]);
  expect(keys({ clearing: { epoch: "e", offset: 1, at: 2500 } })).toEqual([2, 3]);
});

test("while the log is paused, new lines are counted", () => {
  expect(countSince(log, null)).toBe(0);
  expect(countSince(log, 1)).toBe(2);
  expect(countSince(log, 3)).toBe(0);
});

test("the lines can be taken along as JSON, one on each line", () => {
  expect(jsonLinesOf([{ ...line(1, "aaa"), took: 20_000 }])).toBe(
    '{"time":"1970-01-01T00:00:01.000Z","level":"INFO","event":"started","command":"start","instance":"aaa","operation":"op-1","door":"api","tookMs":20000}\n',
  );
});
