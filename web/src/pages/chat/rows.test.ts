// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Outgoing } from "./outgoing";
import type { Message } from "./room";
import { type RowsInput, rowsOf } from "./rows";

const minute = 60_000;
const day = 24 * 60 * minute;
const me = { id: "me", name: "Petr" };

function message(offset: number, author: string, at: number, rest: Partial<Message> = {}): Message {
  return { offset, at, user: { id: author, name: author }, text: `text ${offset}`, clientId: null, ...rest };
}
function draw(messages: readonly Message[], rest: Partial<RowsInput> & { more?: boolean } = {}) {
  const { more = false, ...input } = rest;
  return rowsOf({
    room: { messages, ahead: [], more },
    outgoing: [],
    me,
    isOwn: (user) => user.id === "me",
    firstNew: null,
    dayOf: (at) => Math.floor(at / day),
    onServerClock: (at) => at,
    ...input,
  });
}
const waiting: Outgoing = { id: "c-1", value: "hello", state: "waiting", since: 4 * minute, error: null };

describe("rowsOf", () => {
  it("says the author once for what they wrote within five minutes of the message before", () => {
    const rows = draw([
      message(1, "anna", 0),
      message(2, "anna", 5 * minute),
      message(3, "anna", 10 * minute + 1),
      message(4, "petr", 10 * minute + 2),
    ]);
    expect(rows.map((row) => row.head)).toEqual([true, false, true, true]);
  });
  it("distinguishes relay users without an id by name", () => {
    const guest = (name: string) => ({ user: { id: "", name } });
    const rows = draw([message(1, "", 0, guest("a")), message(2, "", 1, guest("a")), message(3, "", 2, guest("b"))]);
    expect(rows.map((row) => row.head)).toEqual([true, false, true]);
  });
  it("begins a group and a day where the day changes", () => {
    const rows = draw([message(1, "anna", day - 1), message(2, "anna", day)]);
    expect(rows.map(({ newDay, head }) => [newDay, head])).toEqual([
      [true, true],
      [true, true],
    ]);
  });
  it("puts the line “New” over the first new message, with the author's name below it", () => {
    const rows = draw([message(1, "anna", 0), message(2, "anna", 1), message(3, "anna", 2)], { firstNew: 2 });
    expect(rows.map(({ firstNew, head }) => [firstNew, head])).toEqual([
      [false, true],
      [true, true],
      [false, false],
    ]);
  });
  it("puts pending messages last, as own", () => {
    const rows = draw([message(7, "anna", 0)], { outgoing: [waiting] });
    expect(rows.at(-1)).toMatchObject({ key: "c-1", text: "hello", isOwn: true, outgoing: waiting });
  });
  it("gives the confirmed copy the key of the pending one, so that it stays in its place on the screen", () => {
    const before = draw([message(7, "anna", 0)], { outgoing: [waiting] });
    const sent = message(8, "me", 4 * minute, { clientId: "c-1", sentHere: true });
    expect(draw([message(7, "anna", 0), sent]).map((row) => row.key)).toEqual(before.map((row) => row.key));
  });
  it("shows the time of pending messages on the server's clock, as it will be once they are stored", () => {
    const onServerClock = (at: number) => at + day;
    const rows = draw([message(7, "me", day + 3 * minute)], { outgoing: [waiting], onServerClock });
    expect(rows.map(({ at, newDay, head }) => [at, newDay, head])).toEqual([
      [day + 3 * minute, true, true],
      [day + 4 * minute, false, false],
    ]);
  });
  it("takes no key from a clientId that another client copied", () => {
    expect(draw([message(8, "mallory", 0, { clientId: "c-1" })])[0]?.key).toBe("8");
  });
  it("draws what the server has stored before what is on its way", () => {
    const ahead = [message(9, "me", 3, { clientId: "c-0", sentHere: true })];
    const rows = draw([], { room: { messages: [message(7, "anna", 0)], ahead, more: false }, outgoing: [waiting] });
    expect(rows.map((row) => row.key)).toEqual(["7", "c-0", "c-1"]);
  });
  it("answers the same row again while nothing has changed, and another one when something has", () => {
    const messages = [message(1, "anna", 0), message(2, "anna", 1)];
    const rows = draw(messages);
    expect(draw(messages)[1]).toBe(rows[1]);
    expect(draw(messages, { firstNew: 2 })[1]).not.toBe(rows[1]);
  });
  it("changes no row when older history is put above", () => {
    const all = Array.from({ length: 60 }, (_, index) =>
      message(index + 1, index % 7 < 4 ? "anna" : "ivan", index * 3 * 60 * minute),
    );
    const later = draw(all.slice(20), { more: true });
    expect(draw(all, { more: true }).slice(-later.length)).toEqual(later);
  });
});
