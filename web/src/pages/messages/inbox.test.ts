// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import {
  arrived,
  emptyInbox,
  type Inbox,
  isRead,
  kept,
  looked,
  type Message,
  markAllRead,
  markRead,
  mostMessages,
  sourceOf,
  told,
  unreadCount,
  watched,
  without,
} from "./inbox";
import { noMarks } from "./marks";
import { add, addUpTo, noOffsets } from "./offsets";
import { rowsOf } from "./rows";

const message = (offset: number, text = `text ${offset}`): Message => ({
  offset,
  source: "api",
  time: 1000 + offset,
  text,
});
const upTo = (count: number, first = 1) => Array.from({ length: count }, (_, at) => message(first + at));
const inboxOf = (...messages: Message[]) => arrived(emptyInbox(noMarks), "e1", messages);
const offsets = (inbox: Inbox) => inbox.messages.map(({ offset }) => offset);

/** Chance that can be repeated (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe("messages that arrive", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "are the same list in whatever order, batches and repeats they come (seed %i)",
    (seed) => {
      const random = chance(seed);
      const log = upTo(60);
      const deliveries = [...log, ...log.filter(() => random() < 0.4)]
        .map((each) => ({ each, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      let inbox = emptyInbox(noMarks);
      while (deliveries.length > 0) {
        inbox = arrived(inbox, "e1", deliveries.splice(0, 1 + Math.floor(random() * 7)));
      }
      expect(inbox.messages).toEqual(log);
      expect(unreadCount(inbox)).toBe(60);
    },
  );
  it("change nothing where all of them are known", () => {
    const inbox = inboxOf(...upTo(3));
    expect(arrived(inbox, "e1", [message(2), message(3)])).toBe(inbox);
  });
  it("count once within one batch", () => {
    expect(offsets(inboxOf(message(2), message(2), message(1)))).toEqual([1, 2]);
  });
  it("begin anew in another epoch, and old marks are void there", () => {
    const old = looked(markAllRead(inboxOf(...upTo(3))));
    const inbox = arrived(old, "e2", [message(1, "other")]);
    expect(inbox.messages).toEqual([message(1, "other")]);
    expect(unreadCount(inbox)).toBe(1);
    expect(inbox.marks.epoch).toBe("e2");
  });
  it("keep their marks after a reset within the epoch", () => {
    const inbox = arrived(markRead(inboxOf(...upTo(3)), 2), "e1", upTo(4));
    expect([1, 2, 3, 4].map((offset) => isRead(inbox, offset))).toEqual([false, true, false, false]);
  });
  it("push the oldest out above the limit", () => {
    const inbox = arrived(inboxOf(...upTo(mostMessages)), "e1", [message(mostMessages + 1)]);
    expect(inbox.messages).toHaveLength(mostMessages);
    expect(inbox.messages[0]?.offset).toBe(2);
  });
  it("know by their type where they come from", () => {
    expect(["message", "kafka", "notice"].map(sourceOf)).toEqual(["api", "kafka", "system"]);
  });
});

describe("unread messages", () => {
  it("are those that nobody marked", () => {
    const inbox = markRead(markRead(inboxOf(...upTo(5)), 5), 2);
    expect(unreadCount(inbox)).toBe(3);
    expect(unreadCount(markAllRead(inbox))).toBe(0);
  });
  it("come back as soon as one more arrives after 'mark all'", () => {
    expect(unreadCount(arrived(markAllRead(inboxOf(...upTo(5))), "e1", [message(6)]))).toBe(1);
  });
  it("are not counted where they were removed from the list", () => {
    const inbox = without(inboxOf(...upTo(5)), add(noOffsets, 3));
    expect(unreadCount(inbox)).toBe(4);
    expect(kept(inbox).map(({ offset }) => offset)).toEqual([1, 2, 4, 5]);
    expect(kept(without(inbox, addUpTo(noOffsets, 5)))).toEqual([]);
  });
  it("are read here as soon as another tab says so, in either order", () => {
    const here = markRead(inboxOf(...upTo(5)), 1);
    const there = markRead(inboxOf(...upTo(5)), 4);
    expect(told(here, there.marks).marks).toEqual(told(there, here.marks).marks);
    expect(unreadCount(told(here, there.marks))).toBe(3);
  });
  it("stay as they are when a tab of another epoch speaks", () => {
    const there = markAllRead(arrived(emptyInbox(noMarks), "e0", upTo(5)));
    const here = inboxOf(...upTo(5));
    expect(told(here, there.marks)).toBe(here);
    expect(unreadCount(here)).toBe(5);
  });
});

describe("what came while nobody looked", () => {
  const away = (inbox: Inbox) => rowsOf(inbox).filter((row) => row.kind !== "message");

  it("is nothing at the first visit", () => {
    expect(away(looked(inboxOf(...upTo(3))))).toEqual([]);
  });
  it("is everything after a look at the empty list", () => {
    const back = looked(arrived(looked(inboxOf()), "e1", upTo(2)));
    expect(away(back)).toEqual([{ kind: "away", key: "away", count: 2 }]);
  });
  it("stands under a heading with its number, over what was there before", () => {
    const left = looked(inboxOf(...upTo(3)));
    const back = looked(arrived(left, "e1", upTo(2, 4)));
    expect(rowsOf(back).map((row) => row.key)).toEqual(["away", "5", "4", "earlier", "3", "2", "1"]);
    expect(away(back)[0]).toEqual({ kind: "away", key: "away", count: 2 });
  });
  it("keeps its heading while more comes under the reader's eyes", () => {
    const back = looked(arrived(looked(inboxOf(...upTo(3))), "e1", upTo(2, 4)));
    const later = watched(arrived(back, "e1", [message(6)]));
    expect(rowsOf(later).map((row) => row.key)).toEqual(["6", "away", "5", "4", "earlier", "3", "2", "1"]);
    expect(looked(later)).toBe(later);
  });
  it("is not what another tab has shown already", () => {
    const left = looked(inboxOf(...upTo(3)));
    const inbox = told(arrived(left, "e1", upTo(2, 4)), { ...left.marks, seen: 5 });
    expect(away(looked(inbox))).toEqual([]);
  });
  it("does not count what is taken out of the list", () => {
    const back = looked(arrived(looked(inboxOf(...upTo(3))), "e1", upTo(2, 4)));
    const rows = rowsOf(without(back, add(noOffsets, 5)));
    expect(rows.map((row) => row.key)).toEqual(["away", "4", "earlier", "3", "2", "1"]);
    expect(rows[0]).toMatchObject({ count: 1 });
  });
});
