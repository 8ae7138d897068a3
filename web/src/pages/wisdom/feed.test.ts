// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import {
  emptyFeed,
  type Feed,
  languageOf,
  latest,
  quotesMax,
  unseenCount,
  withLate,
  withLateReset,
  withQuote,
} from "./feed";

const fed = (count: number, watched = true, feed: Feed = emptyFeed) =>
  Array.from({ length: count }, (_, at) => at).reduce((now, at) => withQuote(now, `q${at}`, at, watched), feed);

describe("the feed of quotes", () => {
  it("has the newest on top, numbered as they came", () => {
    expect(fed(3).quotes).toEqual([
      { number: 3, text: "q2", at: 2 },
      { number: 2, text: "q1", at: 1 },
      { number: 1, text: "q0", at: 0 },
    ]);
  });
  it("keeps equal quotes apart", () => {
    const feed = withQuote(withQuote(emptyFeed, "same", 1, true), "same", 2, true);
    expect(new Set(feed.quotes.map(({ number }) => number)).size).toBe(2);
  });
  it("forgets the oldest above its limit, and goes on counting", () => {
    const feed = fed(quotesMax + 7);
    expect(feed.quotes).toHaveLength(quotesMax);
    expect(feed.quotes[0]?.number).toBe(quotesMax + 7);
    expect(feed.quotes.at(-1)?.number).toBe(8);
  });
  it("marks as new what came unwatched, until the next one is seen to come", () => {
    const away = fed(2, false, fed(1));
    expect(unseenCount(away)).toBe(2);
    expect(unseenCount(withQuote(away, "seen", 9, true))).toBe(0);
  });
  it("has the newest at its centre, and while paused the one that stood there", () => {
    const feed = fed(5);
    expect([null, 3, 0].map((pausedAt) => latest(feed, pausedAt)?.number)).toEqual([5, 3, undefined]);
  });
  it("counts late quotes without showing them, from zero after each unsubscription", () => {
    const late = withLate(withLate(fed(1)));
    expect([late.late, late.quotes.length]).toEqual([2, 1]);
    expect(withLateReset(late).late).toBe(0);
  });
});

it.each([
  ["Волк не выступает в цирке", "ru"],
  ["A wolf does not perform in a circus", "en"],
])("knows in which language %s is to be read out", (text, language) => {
  expect(languageOf(text)).toBe(language);
});
