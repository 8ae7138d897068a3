// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { initialReading, markAllSeen, setWatching, withMessages } from "./reading";
import type { Message } from "./room";

const message = (offset: number, author = "anna"): Message => ({
  offset,
  at: offset,
  user: { id: author, name: author },
  text: "",
  clientId: null,
});
const mine = ({ user }: Message) => user.id === "me";

it("counts nothing while the user watches", () => {
  expect(withMessages(setWatching(initialReading, true), [message(1)], mine)).toMatchObject({
    unread: 0,
    firstNew: null,
  });
});
it("counts what comes while the user is away, and remembers the first", () => {
  const away = setWatching(setWatching(initialReading, true), false);
  const later = withMessages(withMessages(away, [message(4), message(5)], mine), [message(6)], mine);
  expect(later).toEqual({ watching: false, unread: 3, firstNew: 4 });
});
it("does not count what the user wrote in another tab", () => {
  expect(withMessages(initialReading, [message(4, "me"), message(5)], mine)).toMatchObject({ unread: 1, firstNew: 5 });
});
it("keeps the line while the user catches up, and drops it when the user stops watching", () => {
  const back = setWatching(withMessages(initialReading, [message(4)], mine), true);
  expect(back).toEqual({ watching: true, unread: 0, firstNew: 4 });
  expect(setWatching(back, false)).toEqual({ watching: false, unread: 0, firstNew: null });
});
it("keeps its count when the same state is set again", () => {
  const away = withMessages(initialReading, [message(4)], mine);
  expect(setWatching(away, false)).toBe(away);
});
it("removes the line when the user marks all as seen", () => {
  expect(markAllSeen(withMessages(initialReading, [message(4)], mine))).toMatchObject({ unread: 0, firstNew: null });
});
