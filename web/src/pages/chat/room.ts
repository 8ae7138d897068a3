// SPDX-License-Identifier: Apache-2.0
import type { User, WireMessage } from "./protocol";

export interface Message {
  offset: number;
  /** ms since 1970 on the server's clock. */
  at: number;
  user: User;
  text: string;
  clientId: string | null;
  /** Written in this tab: it takes the place of the pending copy with the same `clientId`. */
  sentHere?: boolean;
  /** From sending to the server's answer, in ms. */
  took?: number;
}

/** The confirmed state of the room; pending messages are in the outbox. */
export interface Room {
  /** The epoch of the offsets; null before the first snapshot. */
  epoch: string | null;
  members: ReadonlyMap<string, User>;
  /** By offset, without gaps. */
  messages: readonly Message[];
  /** The user's messages that are stored, while earlier ones have not arrived yet; by offset. */
  ahead: readonly Message[];
  /** There are messages before the first of these. */
  more: boolean;
  /** Who is typing, and until when that is shown, in ms of this computer's clock. */
  typing: ReadonlyMap<string, { user: User; until: number }>;
}

export type RoomEvent =
  | { kind: "snapshot"; epoch: string; members: readonly User[]; messages: readonly Message[]; more: boolean }
  /** The rest of the members of a large room. */
  | { kind: "roster"; members: readonly User[] }
  | { kind: "message"; message: Message }
  /** The user's own message, from the server's acknowledgement. */
  | { kind: "stored"; message: Message }
  | { kind: "older"; before: number; messages: readonly Message[]; more: boolean }
  | { kind: "join"; user: User }
  | { kind: "leave"; user: User }
  | { kind: "typing"; user: User; until: number }
  /** Expired typing indicators. */
  | { kind: "typingExpired"; now: number }
  /** Drops the oldest until `keep` are left. */
  | { kind: "trim"; keep: number };

export const emptyRoom: Room = {
  epoch: null,
  members: new Map(),
  messages: [],
  ahead: [],
  more: false,
  typing: new Map(),
};

/** Messages kept in memory while the reader follows. */
export const messagesKept = 2000;
/** And while the user reads old ones, so that the position is not lost. */
export const messagesKeptReading = 10_000;
/** How long a typing indicator is shown, in ms. */
export const typingHolds = 5000;

export function messageOf(wire: WireMessage): Message {
  return {
    offset: wire.offset,
    at: Date.parse(wire.time),
    user: wire.user,
    text: wire.text,
    clientId: wire.clientId ?? null,
  };
}

export function epochOf(cursor: string): string {
  return cursor.slice(0, cursor.indexOf("."));
}

export function apply(room: Room, event: RoomEvent): Room {
  switch (event.kind) {
    case "snapshot":
      return onSnapshot(room, event);
    case "roster":
      return { ...room, members: withMembers(room.members, event.members) };
    case "message":
      return onMessage(room, event.message);
    case "stored":
      return event.message.offset <= (room.messages.at(-1)?.offset ?? 0)
        ? onMessage(room, event.message)
        : { ...room, ahead: withMessage(room.ahead, event.message) };
    case "older":
      return event.before === room.messages[0]?.offset
        ? { ...room, messages: [...event.messages, ...room.messages], more: event.more }
        : room;
    case "join":
      return { ...room, members: withMembers(room.members, [event.user]) };
    case "leave":
      return {
        ...room,
        members: without(room.members, event.user.id),
        typing: without(room.typing, event.user.id),
      };
    case "typing":
      return { ...room, typing: new Map(room.typing).set(event.user.id, { user: event.user, until: event.until }) };
    case "typingExpired":
      return { ...room, typing: new Map([...room.typing].filter(([, sign]) => sign.until > event.now)) };
    case "trim":
      return room.messages.length > event.keep
        ? { ...room, messages: room.messages.slice(-event.keep), more: true }
        : room;
  }
}

function onMessage(room: Room, message: Message): Room {
  const stored = room.ahead.find((other) => other.offset === message.offset);
  return {
    ...room,
    messages: withMessage(room.messages, { ...stored, ...message }),
    ahead: stored ? room.ahead.filter((other) => other !== stored) : room.ahead,
    typing: without(room.typing, message.user.id),
  };
}

type Snapshot = Extract<RoomEvent, { kind: "snapshot" }>;

/** Whether there is no gap between the messages and the snapshot. */
export function isContiguous(room: Room, { epoch, messages, more }: Snapshot): boolean {
  const last = room.messages.at(-1)?.offset ?? 0;
  const first = messages[0]?.offset ?? 0;
  return room.epoch === epoch && (first <= last + 1 || !more);
}

/** Messages before the snapshot are kept where there is no gap. */
function onSnapshot(room: Room, event: Snapshot): Room {
  const members = new Map(event.members.map((user) => [user.id, user]));
  const kept = { ...room, epoch: event.epoch, members, ahead: [], typing: new Map() };
  return isContiguous(room, event)
    ? { ...kept, messages: event.messages.reduce(withMessage, room.messages) }
    : { ...kept, messages: event.messages, more: event.more };
}

/** Inserted by offset. A duplicate is merged with the first copy. */
function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const after = messages.findLastIndex((other) => other.offset <= message.offset);
  const duplicate = messages[after];
  return duplicate?.offset === message.offset
    ? messages.with(after, { ...duplicate, ...message })
    : messages.toSpliced(after + 1, 0, message);
}

function withMembers(members: Room["members"], more: readonly User[]): Room["members"] {
  return new Map([...members, ...more.map((user): [string, User] => [user.id, user])]);
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) {
    return map;
  }
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
