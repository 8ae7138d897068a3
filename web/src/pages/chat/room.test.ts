// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { randomOf } from "#/transport/fakesForTest";
import { apply, emptyRoom, epochOf, type Message, messageOf, type Room, type RoomEvent } from "./room";

const anna = { id: "1", name: "Anna" };
const ivan = { id: "2", name: "Ivan" };

function message(offset: number, rest: Partial<Message> = {}): Message {
  return { offset, at: offset * 1000, user: anna, text: `text ${offset}`, clientId: null, ...rest };
}
const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const fold = (events: readonly RoomEvent[], room: Room = emptyRoom) => events.reduce(apply, room);
const offsets = (room: Room) => room.messages.map(({ offset }) => offset);
const snapshot = (from: number, to: number, more = from > 1, epoch = "e"): RoomEvent => ({
  kind: "snapshot",
  epoch,
  members: [anna],
  messages: messages(from, to),
  more,
});

function shuffled<Item>(items: readonly Item[], next: () => number): Item[] {
  const tickets = items.map((item) => ({ item, ticket: next() }));
  return tickets.sort((a, b) => a.ticket - b.ticket).map(({ item }) => item);
}

describe("the messages of a room", () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))(
    "are the same in whatever order they come, and how often (seed %i)",
    (seed) => {
      const next = randomOf(seed);
      const log = messages(1, 40);
      const heard = shuffled([...log, ...log.filter(() => next() < 0.5)], next);
      expect(fold(heard.map((each) => ({ kind: "message", message: each }))).messages).toEqual(log);
    },
  );
  it.each(Array.from({ length: 50 }, (_, seed) => seed))(
    "are the log after any drops, snapshots and pages of history (seed %i)",
    (seed) => {
      const next = randomOf(seed);
      let room = emptyRoom;
      for (let end = 1; end <= 300; ++end) {
        room = apply(room, { kind: "message", message: message(end) });
        if (next() < 0.05) {
          end += Math.floor(next() * 80);
          room = apply(room, snapshot(Math.max(1, end - 49), end));
        }
        const first = room.messages[0]?.offset ?? 1;
        if (next() < 0.1 && room.more) {
          const older = messages(Math.max(1, first - 20), first - 1);
          room = apply(room, { kind: "older", before: first, messages: older, more: first > 21 });
        }
        expect(room.messages).toEqual(messages(room.messages[0]?.offset ?? 1, end));
        expect(room.more).toBe((room.messages[0]?.offset ?? 1) > 1);
      }
    },
  );
  it("keep what either copy of a message knows", () => {
    const stored = message(1, { clientId: "c", sentHere: true, took: 42 });
    for (const twins of [
      [stored, message(1)],
      [message(1), stored],
    ]) {
      const room = fold(twins.map((each) => ({ kind: "message", message: each })));
      expect(room.messages[0]).toMatchObject({ sentHere: true, took: 42 });
    }
  });
  it("wait for those before them when one's own is confirmed early", () => {
    const mine = message(3, { clientId: "c", sentHere: true, took: 42 });
    const early = fold([
      { kind: "message", message: message(1) },
      { kind: "stored", message: mine },
    ]);
    expect([offsets(early), early.ahead]).toEqual([[1], [mine]]);
    const later = fold(
      [2, 3].map((offset) => ({ kind: "message", message: message(offset) })),
      early,
    );
    expect([offsets(later), later.ahead]).toEqual([[1, 2, 3], []]);
    expect(later.messages[2]).toMatchObject({ sentHere: true, took: 42 });
  });
  it("are there once when the acknowledgement comes after the message", () => {
    const room = fold([
      { kind: "message", message: message(1) },
      { kind: "stored", message: message(1, { took: 5 }) },
    ]);
    expect([offsets(room), room.ahead, room.messages[0]?.took]).toEqual([[1], [], 5]);
  });
  it("stay above a snapshot that meets them", () => {
    expect(offsets(fold([snapshot(1, 50), snapshot(40, 89)]))).toEqual(messages(1, 89).map(({ offset }) => offset));
    expect(offsets(fold([snapshot(1, 50), snapshot(51, 100)]))).toHaveLength(100);
  });
  it("are replaced by a snapshot after a gap", () => {
    const room = fold([snapshot(1, 50), snapshot(52, 101)]);
    expect([offsets(room)[0], room.more]).toEqual([52, true]);
  });
  it("give way to a snapshot of another life of the log", () => {
    const room = fold([snapshot(1, 50), snapshot(1, 2, false, "other")]);
    expect([offsets(room), room.more, room.epoch]).toEqual([[1, 2], false, "other"]);
  });
  it("take no page of history that was asked for before they changed", () => {
    const room = fold([snapshot(51, 100)]);
    expect(apply(room, { kind: "older", before: 99, messages: messages(49, 98), more: true })).toBe(room);
  });
  it("lose the oldest when there are too many, which can then be asked for again", () => {
    const room = fold([snapshot(1, 50), { kind: "trim", keep: 20 }]);
    expect([offsets(room).length, offsets(room)[0], room.more]).toEqual([20, 31, true]);
  });
});

describe("the members of a room", () => {
  it("are those of the snapshot, who joined, and not who left", () => {
    const room = fold([
      snapshot(1, 1),
      { kind: "join", user: ivan },
      { kind: "join", user: ivan },
      { kind: "leave", user: anna },
    ]);
    expect([...room.members.values()]).toEqual([ivan]);
  });
  it("of a large room come in two parts", () => {
    expect(fold([snapshot(1, 1), { kind: "roster", members: [anna, ivan] }]).members.size).toBe(2);
  });
});

describe("signs of typing", () => {
  const typing: RoomEvent = { kind: "typing", user: ivan, until: 5000 };
  it("run out", () => {
    const room = fold([typing]);
    expect(apply(room, { kind: "typingExpired", now: 4999 }).typing.size).toBe(1);
    expect(apply(room, { kind: "typingExpired", now: 5000 }).typing.size).toBe(0);
  });
  it.each<[string, RoomEvent]>([
    ["the message lands", { kind: "message", message: message(1, { user: ivan }) }],
    ["the person leaves", { kind: "leave", user: ivan }],
    ["the room is read anew", snapshot(1, 1)],
  ])("end when %s", (_, event) => {
    expect(fold([typing, event]).typing.size).toBe(0);
  });
  it("stay when somebody else writes", () => {
    expect(fold([typing, { kind: "message", message: message(1) }]).typing.size).toBe(1);
  });
});

it("reads a message of the protocol", () => {
  const wire = { offset: 12, time: "2026-11-21T12:45:37.251Z", user: anna, text: "hello" };
  expect(messageOf(wire)).toEqual({ offset: 12, at: 1795265137251, user: anna, text: "hello", clientId: null });
});
it("reads the epoch of a cursor", () => {
  expect(epochOf("jb8tk7c1.7.ect9ocq8.1")).toBe("jb8tk7c1");
});
