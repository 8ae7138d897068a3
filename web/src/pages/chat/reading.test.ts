// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { arrived, atStart, seenAll, watch } from "./reading";
import type { Message } from "./room";

const message = (offset: number, author = "anna"): Message => ({
  offset,
  at: offset,
  user: { id: author, name: author },
  text: "",
  clientId: null,
});
const mine = ({ user }: Message) => user.id === "me";

it("counts nothing while the person watches", () => {
  expect(arrived(watch(atStart, true), [message(1)], mine)).toMatchObject({ unread: 0, firstNew: null });
});
it("counts what comes while the person is away, and remembers where it began", () => {
  const away = watch(watch(atStart, true), false);
  const later = arrived(arrived(away, [message(4), message(5)], mine), [message(6)], mine);
  expect(later).toEqual({ watching: false, unread: 3, firstNew: 4 });
});
it("does not count what the person wrote in another tab", () => {
  expect(arrived(atStart, [message(4, "me"), message(5)], mine)).toMatchObject({ unread: 1, firstNew: 5 });
});
it("keeps the line while the person catches up, and drops it when they look away again", () => {
  const back = watch(arrived(atStart, [message(4)], mine), true);
  expect(back).toEqual({ watching: true, unread: 0, firstNew: 4 });
  expect(watch(back, false)).toEqual({ watching: false, unread: 0, firstNew: null });
});
it("keeps its count when it is told again what it knows", () => {
  const away = arrived(atStart, [message(4)], mine);
  expect(watch(away, false)).toBe(away);
});
it("takes the line away when the person says that all is seen", () => {
  expect(seenAll(arrived(atStart, [message(4)], mine))).toMatchObject({ unread: 0, firstNew: null });
});
