// SPDX-License-Identifier: Apache-2.0
import { type Marks, marksOf, merged } from "./marks";
import { add, addUpTo, has, type Offsets, union } from "./offsets";

/** Who put a message into the inbox; the event's type says it. */
export type Source = "api" | "kafka" | "system";

export interface Message {
  readonly offset: number;
  readonly source: Source;
  /** ms since 1970 on the server's clock. */
  readonly time: number;
  readonly text: string;
}

/** One user's messages, as far as this tab has them, and what the person did with them. */
export interface Inbox {
  readonly epoch: string | null;
  /** Oldest first, each once. */
  readonly messages: readonly Message[];
  readonly marks: Marks;
  /** Came while nobody looked: those above `after`, up to `upTo`. */
  readonly away: { readonly after: number; readonly upTo: number } | null;
}

/** So many are kept, the newest. */
export const mostMessages = 10_000;

export function emptyInbox(marks: Marks): Inbox {
  return { epoch: null, messages: [], marks, away: null };
}

export function sourceOf(type: string): Source {
  return type === "message" ? "api" : type === "kafka" ? "kafka" : "system";
}

/** Puts messages where they belong, in whatever order and however often they come. Another epoch begins anew. */
export function arrived(inbox: Inbox, epoch: string, messages: readonly Message[]): Inbox {
  const same = inbox.epoch === epoch;
  const before = same ? inbox.messages : [];
  const after = withNew(before, messages);
  if (same && after === before) {
    return inbox;
  }
  return { epoch, messages: after, marks: marksOf(epoch, inbox.marks), away: same ? inbox.away : null };
}

function withNew(before: readonly Message[], messages: readonly Message[]): readonly Message[] {
  const known = new Set<number>();
  const last = lastOf(before);
  if (messages.some((message) => message.offset <= last)) {
    for (const message of before) {
      known.add(message.offset);
    }
  }
  const fresh = messages.filter(({ offset }) => {
    const isNew = !known.has(offset);
    known.add(offset);
    return isNew;
  });
  if (fresh.length === 0) {
    return before;
  }
  const all = [...before, ...fresh];
  if (!isOrdered(all, Math.max(1, before.length))) {
    all.sort((a, b) => a.offset - b.offset);
  }
  return all.slice(-mostMessages);
}

function isOrdered(messages: readonly Message[], from: number): boolean {
  return messages.every((message, at) => at < from || (messages[at - 1]?.offset ?? 0) < message.offset);
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

/** Takes messages out of this browser's list; the server keeps them. */
export function without(inbox: Inbox, offsets: Offsets): Inbox {
  return marked(inbox, { removed: union(inbox.marks.removed, offsets) });
}

export function isRead(inbox: Inbox, offset: number): boolean {
  return has(inbox.marks.read, offset);
}

/** What is still in the list, oldest first. */
export function kept(inbox: Inbox): readonly Message[] {
  const { removed } = inbox.marks;
  return removed.upTo === 0 && removed.also.size === 0
    ? inbox.messages
    : inbox.messages.filter(({ offset }) => !has(removed, offset));
}

export function unreadCount(inbox: Inbox): number {
  const { read, removed } = inbox.marks;
  return inbox.messages.filter(({ offset }) => !has(read, offset) && !has(removed, offset)).length;
}

/** The person looks, for the first time or again: what came since the last look is theirs to find. */
export function looked(inbox: Inbox): Inbox {
  const { seen } = inbox.marks;
  const last = lastOffset(inbox);
  const isNews = seen !== null && last > seen;
  return isNews ? { ...watched(inbox), away: { after: seen, upTo: last } } : watched(inbox);
}

/** The person is looking: what has come is seen. */
export function watched(inbox: Inbox): Inbox {
  const last = lastOffset(inbox);
  return last > (inbox.marks.seen ?? -1) ? marked(inbox, { seen: last }) : inbox;
}

/** What another tab of this browser did. One that is of another epoch changes nothing here, so nothing is answered to it. */
export function told(inbox: Inbox, marks: Marks): Inbox {
  const { epoch } = inbox.marks;
  if (epoch !== null && epoch !== marks.epoch) {
    return inbox;
  }
  return { ...inbox, marks: merged(inbox.marks, marks) };
}
