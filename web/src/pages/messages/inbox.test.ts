// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { randomOf } from "#/transport/fakesForTest";
import {
  emptyInbox,
  type Inbox,
  isRead,
  type Message,
  markAllRead,
  markRead,
  messagesMax,
  remaining,
  sourceOf,
  unreadCount,
  withLookedAt,
  withMarks,
  withMessages,
  without,
  withSeen,
} from "./inbox";
import { noMarks } from "./marks";
import { add, addUpTo, noOffsets } from "./offsets";
import { type Row, rowsOf } from "./rows";

const message = (offset: number, text = `text ${offset}`): Message => ({
  offset,
  source: "api",
  time: 1000 + offset,
  text,
});
const upTo = (count: number, first = 1) => Array.from({ length: count }, (_, at) => message(first + at));
const inboxOf = (...messages: Message[]) => withMessages(emptyInbox(noMarks), "e1", messages);
const offsets = (inbox: Inbox) => inbox.messages.map(({ offset }) => offset);

describe("messages that arrive", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "are the same list in whatever order, batches and repeats they come (seed %i)",
    (seed) => {
      const random = randomOf(seed);
      const log = upTo(60);
      const deliveries = [...log, ...log.filter(() => random() < 0.4)]
        .map((each) => ({ each, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      let inbox = emptyInbox(noMarks);
      while (deliveries.length > 0) {
        inbox = withMessages(inbox, "e1", deliveries.splice(0, 1 + Math.floor(random() * 7)));
      }
      expect(inbox.messages).toEqual(log);
      expect(unreadCount(inbox)).toBe(60);
    },
  );
  it("change nothing where all of them are known", () => {
    const inbox = inboxOf(...upTo(3));
    expect(withMessages(inbox, "e1", [message(2), message(3)])).toBe(inbox);
  });
  it("count once within one batch", () => {
    expect(offsets(inboxOf(message(2), message(2), message(1)))).toEqual([1, 2]);
  });
  it("start over in another epoch, and old marks are void there", () => {
    const old = withLookedAt(markAllRead(inboxOf(...upTo(3))));
    const inbox = withMessages(old, "e2", [message(1, "other")]);
    expect(inbox.messages).toEqual([message(1, "other")]);
    expect(unreadCount(inbox)).toBe(1);
    expect(inbox.marks.epoch).toBe("e2");
  });
  it("keep their marks after a reset within the epoch", () => {
    const inbox = withMessages(markRead(inboxOf(...upTo(3)), 2), "e1", upTo(4));
    expect([1, 2, 3, 4].map((offset) => isRead(inbox, offset))).toEqual([false, true, false, false]);
  });
  it("push the oldest out above the limit", () => {
    const inbox = withMessages(inboxOf(...upTo(messagesMax)), "e1", [message(messagesMax + 1)]);
    expect(inbox.messages).toHaveLength(messagesMax);
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
    expect(unreadCount(withMessages(markAllRead(inboxOf(...upTo(5))), "e1", [message(6)]))).toBe(1);
  });
  it("are not counted where they were removed from the list", () => {
    const inbox = without(inboxOf(...upTo(5)), add(noOffsets, 3));
    expect(unreadCount(inbox)).toBe(4);
    expect(remaining(inbox).map(({ offset }) => offset)).toEqual([1, 2, 4, 5]);
    expect(remaining(without(inbox, addUpTo(noOffsets, 5)))).toEqual([]);
  });
  it("are read here as soon as another tab has marked them, in either order", () => {
    const here = markRead(inboxOf(...upTo(5)), 1);
    const there = markRead(inboxOf(...upTo(5)), 4);
    expect(withMarks(here, there.marks).marks).toEqual(withMarks(there, here.marks).marks);
    expect(unreadCount(withMarks(here, there.marks))).toBe(3);
  });
  it("stay as they are when a tab of another epoch speaks", () => {
    const there = markAllRead(withMessages(emptyInbox(noMarks), "e0", upTo(5)));
    const here = inboxOf(...upTo(5));
    expect(withMarks(here, there.marks)).toBe(here);
    expect(unreadCount(here)).toBe(5);
  });
});

describe("what came while nobody looked", () => {
  const rowsIn = (inbox: Inbox) => {
    const rows = rowsOf(inbox);
    return Array.from({ length: rows.length }, (_, at) => ({ ...(rows.at(at) as Row), key: String(rows.keyAt(at)) }));
  };
  const away = (inbox: Inbox) => rowsIn(inbox).filter((row) => row.kind !== "message");

  it("is nothing at the first visit", () => {
    expect(away(withLookedAt(inboxOf(...upTo(3))))).toEqual([]);
  });
  it("is everything after a look at the empty list", () => {
    const back = withLookedAt(withMessages(withLookedAt(inboxOf()), "e1", upTo(2)));
    expect(away(back)).toEqual([{ kind: "away", key: "away", count: 2 }]);
  });
  it("is under a heading with its count, above what was there before", () => {
    const left = withLookedAt(inboxOf(...upTo(3)));
    const back = withLookedAt(withMessages(left, "e1", upTo(2, 4)));
    expect(rowsIn(back).map((row) => row.key)).toEqual(["away", "5", "4", "earlier", "3", "2", "1"]);
    expect(away(back)[0]).toEqual({ kind: "away", key: "away", count: 2 });
  });
  it("keeps its heading while more comes under the reader's eyes", () => {
    const back = withLookedAt(withMessages(withLookedAt(inboxOf(...upTo(3))), "e1", upTo(2, 4)));
    const later = withSeen(withMessages(back, "e1", [message(6)]));
    expect(rowsIn(later).map((row) => row.key)).toEqual(["6", "away", "5", "4", "earlier", "3", "2", "1"]);
    expect(withLookedAt(later)).toBe(later);
  });
  it("is not what another tab has shown already", () => {
    const left = withLookedAt(inboxOf(...upTo(3)));
    const inbox = withMarks(withMessages(left, "e1", upTo(2, 4)), { ...left.marks, seen: 5 });
    expect(away(withLookedAt(inbox))).toEqual([]);
  });
  it("does not count what is taken out of the list", () => {
    const back = withLookedAt(withMessages(withLookedAt(inboxOf(...upTo(3))), "e1", upTo(2, 4)));
    const rows = rowsIn(without(back, add(noOffsets, 5)));
    expect(rows.map((row) => row.key)).toEqual(["away", "4", "earlier", "3", "2", "1"]);
    expect(rows[0]).toMatchObject({ count: 1 });
  });
});

describe("a long list", () => {
  /** How many messages are looked at to draw the first thirty rows, some of them read and all but the last ten from an earlier visit. */
  function lookedAt(length: number): number {
    let count = 0;
    const messages = new Proxy(upTo(length), {
      get: (all, key) => {
        count += typeof key === "string" && /^\d+$/.test(key) ? 1 : 0;
        return Reflect.get(all, key);
      },
    });
    const marks = { ...noMarks, epoch: "e1", read: add(addUpTo(noOffsets, length >> 1), length - 3) };
    const inbox: Inbox = { epoch: "e1", messages, marks, away: { after: length - 10, upTo: length } };
    expect(unreadCount(inbox)).toBe((length >> 1) - 1);
    const rows = rowsOf(inbox);
    expect(rows.length).toBe(length + 2);
    for (let at = 0; at < 30; ++at) {
      rows.at(at);
      rows.keyAt(at);
    }
    return count;
  }
  it("is drawn from what is in sight of it", () => {
    expect(lookedAt(10_000)).toBeLessThan(lookedAt(100) + 50);
  });
});
