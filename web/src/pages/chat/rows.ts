// SPDX-License-Identifier: Apache-2.0
import { shallow } from "zustand/shallow";
import type { Outgoing } from "./outgoing";
import type { User } from "./protocol";
import type { Room } from "./room";

/** A row of the list: a message, and what stands above it. */
export interface Row {
  key: string;
  text: string;
  user: User;
  mine: boolean;
  at: number;
  /** The first of its group: the author's name and the time stand over it. */
  head: boolean;
  /** The first of its day: the day stands over it. */
  newDay: boolean;
  /** The line "New" stands over it. */
  firstNew: boolean;
  /** From sending to the server's answer, where it was sent from here. */
  took: number | null;
  /** Not confirmed by the server yet. */
  outgoing: Outgoing | null;
}

export interface RowsInput {
  room: Pick<Room, "messages" | "ahead" | "more">;
  outgoing: readonly Outgoing[];
  me: User;
  mine: (user: User) => boolean;
  firstNew: number | null;
  /** The same for all times of a day. */
  dayOf: (at: number) => number;
}

/** A pause after which the author's name is said again, in ms. */
const groupTime = 5 * 60_000;

/**
 * What is drawn: what is confirmed by offset, then what is on its way. The oldest message is held back while there are older
 * ones, because what stands over it depends on the one before: so a row never changes when history is put above it.
 */
export function rowsOf({ room, outgoing, me, mine, firstNew, dayOf }: RowsInput): Row[] {
  const plain = [
    ...[...room.messages, ...room.ahead].map((message) => ({
      source: message,
      key: message.sentHere && message.clientId ? message.clientId : String(message.offset),
      text: message.text,
      user: message.user,
      mine: mine(message.user),
      at: message.at,
      firstNew: message.offset === firstNew,
      took: message.took ?? null,
      outgoing: null,
    })),
    ...outgoing.map((item) => ({
      source: item,
      key: item.id,
      text: item.value,
      user: me,
      mine: true,
      at: item.since,
      firstNew: false,
      took: null,
      outgoing: item,
    })),
  ];
  const rows = plain.map(({ source, ...row }, index) => {
    const before = plain[index - 1];
    const newDay = !before || dayOf(before.at) !== dayOf(row.at);
    const together = before && authorOf(before) === authorOf(row) && row.at - before.at <= groupTime;
    return asBefore(source, { ...row, newDay, head: !together || newDay || row.firstNew });
  });
  return room.more && rows.length > 1 ? rows.slice(1) : rows;
}

/** All of this person's memberships are one author; what came through the relay without an id is told apart by name. */
function authorOf({ mine, user }: { mine: boolean; user: User }): string {
  return mine ? "" : user.id || user.name;
}

const drawn = new WeakMap<object, Row>();

/** The very row that was drawn for it before, where nothing has changed: it need not be drawn again. */
function asBefore(source: object, row: Row): Row {
  const before = drawn.get(source);
  if (before && shallow(before, row)) {
    return before;
  }
  drawn.set(source, row);
  return row;
}
