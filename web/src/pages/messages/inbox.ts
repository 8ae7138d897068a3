// SPDX-License-Identifier: Apache-2.0
import { type Marks, marksInEpoch, merged } from "./marks";
import { add, addUpTo, has, type Offsets, union } from "./offsets";

/** Where a message came from, by the event's type. */
export type Source = "api" | "kafka" | "system";

export interface Message {
  readonly offset: number;
  readonly source: Source;
  /** ms since 1970 on the server's clock. */
  readonly time: number;
  readonly text: string;
}

/** One user's messages, as far as this tab has loaded them, with their marks. */
export interface Inbox {
  readonly epoch: string | null;
  /** Oldest first, each once. */
  readonly messages: readonly Message[];
  readonly marks: Marks;
  /** Arrived while the list was not watched: offsets above `after`, up to `upTo`. */
  readonly away: { readonly after: number; readonly upTo: number } | null;
}

/** The number of messages that are kept, the newest. */
export const messagesMax = 10_000;

export function emptyInbox(marks: Marks): Inbox {
  return { epoch: null, messages: [], marks, away: null };
}

export function sourceOf(type: string): Source {
  return type === "message" ? "api" : type === "kafka" ? "kafka" : "system";
}

/** Inserts messages by offset, in any order and with duplicates. Another epoch replaces all. */
export function withMessages(inbox: Inbox, epoch: string, messages: readonly Message[]): Inbox {
  const same = inbox.epoch === epoch;
  const before = same ? inbox.messages : [];
  const after = withNew(before, messages);
  if (same && after === before) {
    return inbox;
  }
  return { epoch, messages: after, marks: marksInEpoch(epoch, inbox.marks), away: same ? inbox.away : null };
}

function withNew(before: readonly Message[], messages: readonly Message[]): readonly Message[] {
  if (areAfter(messages, lastOf(before))) {
    return [...before, ...messages].slice(-messagesMax);
  }
  const known = new Set<number>();
  for (const { offset } of before) {
    known.add(offset);
  }
  const fresh = messages.filter(({ offset }) => {
    const isNew = !known.has(offset);
    known.add(offset);
    return isNew;
  });
  if (fresh.length === 0) {
    return before;
  }
  return [...before, ...fresh].sort((a, b) => a.offset - b.offset).slice(-messagesMax);
}

/** They follow `last` in order without duplicates, as is usual. */
function areAfter(messages: readonly Message[], last: number): boolean {
  return messages.length > 0 && messages.every(({ offset }, at) => offset > (messages[at - 1]?.offset ?? last));
}

function lastOf(messages: readonly Message[]): number {
  return messages.at(-1)?.offset ?? 0;
}

export function lastOffset(inbox: Inbox): number {
  return lastOf(inbox.messages);
}

function marked(inbox: Inbox, change: Partial<Marks>): Inbox {
  return { ...inbox, marks: { ...inbox.marks, ...change } };
}

export function markRead(inbox: Inbox, offset: number): Inbox {
  return marked(inbox, { read: add(inbox.marks.read, offset) });
}

export function markAllRead(inbox: Inbox): Inbox {
  return marked(inbox, { read: addUpTo(inbox.marks.read, lastOffset(inbox)) });
}

/** Removes messages from this browser's list; the server keeps them. */
export function without(inbox: Inbox, offsets: Offsets): Inbox {
  return marked(inbox, { removed: union(inbox.marks.removed, offsets) });
}

export function isRead(inbox: Inbox, offset: number): boolean {
  return has(inbox.marks.read, offset);
}

/** The messages still in the list, oldest first. */
export function remaining(inbox: Inbox): readonly Message[] {
  const { removed } = inbox.marks;
  const above = removed.upTo === 0 ? inbox.messages : inbox.messages.slice(countUpTo(inbox.messages, removed.upTo));
  return removed.also.size === 0 ? above : above.filter(({ offset }) => !removed.also.has(offset));
}

/** How many have an offset up to `offset` (binary search). */
export function countUpTo(messages: readonly Message[], offset: number): number {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((messages[middle]?.offset ?? 0) <= offset) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

export function unreadCount(inbox: Inbox): number {
  const { messages, marks } = inbox;
  const { upTo, also } = union(marks.read, marks.removed);
  const isHere = (offset: number) => messages[countUpTo(messages, offset) - 1]?.offset === offset;
  return messages.length - countUpTo(messages, upTo) - [...also].filter(isHere).length;
}

/** The user starts watching: what arrived since the last time is shown under "while you were away". */
export function withLookedAt(inbox: Inbox): Inbox {
  const { seen } = inbox.marks;
  const last = lastOffset(inbox);
  const isNews = seen !== null && last > seen;
  return isNews ? { ...withSeen(inbox), away: { after: seen, upTo: last } } : withSeen(inbox);
}

/** The user is watching: everything is seen. */
export function withSeen(inbox: Inbox): Inbox {
  const last = lastOffset(inbox);
  return last > (inbox.marks.seen ?? -1) ? marked(inbox, { seen: last }) : inbox;
}

/** Merges the marks of another tab of this browser. Marks of another epoch change nothing. */
export function withMarks(inbox: Inbox, marks: Marks): Inbox {
  const { epoch } = inbox.marks;
  if (epoch !== null && epoch !== marks.epoch) {
    return inbox;
  }
  return { ...inbox, marks: merged(inbox.marks, marks) };
}
