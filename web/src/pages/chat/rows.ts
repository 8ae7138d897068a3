// SPDX-License-Identifier: Apache-2.0
import type { Outgoing } from "./outgoing";
import type { User } from "./protocol";
import type { Message, Room } from "./room";

/** A row of the list: a message, and the labels above it. */
export interface Row {
  key: string;
  text: string;
  user: User;
  isOwn: boolean;
  at: number;
  /** The first of its group: with the author's name and the time above it. */
  head: boolean;
  /** The first of its day: with the day above it. */
  newDay: boolean;
  /** With the line "New" above it. */
  firstNew: boolean;
  /** From sending to the acknowledgement, in ms, where it was sent from this tab. */
  took: number | null;
  /** Not confirmed by the server yet. */
  outgoing: Outgoing | null;
}

export interface RowsInput {
  room: Pick<Room, "messages" | "ahead" | "more">;
  outgoing: readonly Outgoing[];
  me: User;
  isOwn: (user: User) => boolean;
  /** The offset of the first new message. */
  firstNew: number | null;
  /** The same for all times of a day. */
  dayOf: (at: number) => number;
  /** Converts a time of this computer's clock to the server's, which stored messages have. */
  onServerClock: (at: number) => number;
}

/** A pause after which the author's name is shown again, in ms. */
const groupTime = 5 * 60_000;

/**
 * The rows to show: confirmed messages by offset, then pending ones. The oldest message is held back while there are older ones,
 * because its labels depend on the one before: so a row never changes when history is inserted above it.
 */
export function rowsOf({ room, outgoing, me, isOwn, firstNew, dayOf, onServerClock }: RowsInput): Row[] {
  const rows: Row[] = [];
  let before: { author: string; at: number; day: number } | null = null;
  const add = (source: Message | Outgoing, user: User, at: number, isFirstNew: boolean) => {
    const own = isOwn(user);
    // All of this user's memberships are one author; messages of the relay without an id are told apart by name.
    const author = own ? "" : user.id || user.name;
    const day = dayOf(at);
    const newDay = before?.day !== day;
    const together = before?.author === author && at - before.at <= groupTime;
    const head = !together || newDay || isFirstNew;
    rows.push(rowFor(source, user, { at, isOwn: own, head, newDay, firstNew: isFirstNew }));
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

type RowLayout = Pick<Row, "at" | "isOwn" | "head" | "newDay" | "firstNew">;

const renderedRows = new WeakMap<Message | Outgoing, Row>();

/** The same object as before where nothing has changed, so that the row is not rendered again. */
function rowFor(source: Message | Outgoing, user: User, layout: RowLayout): Row {
  const before = renderedRows.get(source);
  if (
    before?.at === layout.at &&
    before.isOwn === layout.isOwn &&
    before.head === layout.head &&
    before.newDay === layout.newDay &&
    before.firstNew === layout.firstNew
  ) {
    return before;
  }
  const row = "offset" in source ? confirmed(source, layout) : pending(source, user, layout);
  renderedRows.set(source, row);
  return row;
}

function confirmed(message: Message, layout: RowLayout): Row {
  const { offset, text, user, clientId, sentHere, took = null } = message;
  return { key: sentHere && clientId ? clientId : String(offset), text, user, took, outgoing: null, ...layout };
}

function pending(item: Outgoing, user: User, layout: RowLayout): Row {
  return { key: item.id, text: item.value, user, took: null, outgoing: item, ...layout };
}
