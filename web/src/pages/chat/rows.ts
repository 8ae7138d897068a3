// SPDX-License-Identifier: Apache-2.0
import type { Outgoing } from "./outgoing";
import type { User } from "./protocol";
import type { Message, Room } from "./room";

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
  /** The offset of the first new message. */
  firstNew: number | null;
  /** The same for all times of a day. */
  dayOf: (at: number) => number;
  /** A time of this machine's clock on the server's, by which all that is stored is told. */
  onServerClock: (at: number) => number;
}

/** A pause after which the author's name is said again, in ms. */
const groupTime = 5 * 60_000;

/**
 * What is drawn: what is confirmed by offset, then what is on its way. The oldest message is held back while there are older
 * ones, because what stands over it depends on the one before: so a row never changes when history is put above it.
 */
export function rowsOf({ room, outgoing, me, mine, firstNew, dayOf, onServerClock }: RowsInput): Row[] {
  const rows: Row[] = [];
  let before: { author: string; at: number; day: number } | null = null;
  const add = (source: Message | Outgoing, user: User, at: number, isFirstNew: boolean) => {
    const own = mine(user);
    // All of this person's memberships are one author; what came through the relay without an id is told apart by name.
    const author = own ? "" : user.id || user.name;
    const day = dayOf(at);
    const newDay = before?.day !== day;
    const together = before?.author === author && at - before.at <= groupTime;
    const head = !together || newDay || isFirstNew;
    rows.push(rowFor(source, user, { at, mine: own, head, newDay, firstNew: isFirstNew }));
    before = { author, at, day };
  };
  for (const message of [...room.messages, ...room.ahead]) {
    add(message, message.user, message.at, message.offset === firstNew);
  }
  for (const item of outgoing) {
    add(item, me, onServerClock(item.since), false);
  }
  return room.more && rows.length > 1 ? rows.slice(1) : rows;
}

type Place = Pick<Row, "at" | "mine" | "head" | "newDay" | "firstNew">;

const drawn = new WeakMap<Message | Outgoing, Row>();

/** The very row that was drawn before, where nothing has changed: it need not be drawn again. */
function rowFor(source: Message | Outgoing, user: User, place: Place): Row {
  const before = drawn.get(source);
  if (
    before?.at === place.at &&
    before.mine === place.mine &&
    before.head === place.head &&
    before.newDay === place.newDay &&
    before.firstNew === place.firstNew
  ) {
    return before;
  }
  const row = "offset" in source ? confirmed(source, place) : pending(source, user, place);
  drawn.set(source, row);
  return row;
}

function confirmed(message: Message, place: Place): Row {
  const { offset, text, user, clientId, sentHere, took = null } = message;
  return { key: sentHere && clientId ? clientId : String(offset), text, user, took, outgoing: null, ...place };
}

function pending(item: Outgoing, user: User, place: Place): Row {
  return { key: item.id, text: item.value, user, took: null, outgoing: item, ...place };
}
