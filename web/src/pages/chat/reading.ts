// SPDX-License-Identifier: Apache-2.0
import type { Message } from "./room";

/** What the user has seen, and what is new since. */
export interface Reading {
  /** The page and the tab are shown, and the newest message is in view. */
  watching: boolean;
  /** Messages of others since then. */
  unread: number;
  /** The first message after the user stopped watching: the line "New" is above it. */
  firstNew: number | null;
}

export const initialReading: Reading = { watching: false, unread: 0, firstNew: null };

/** The line stays while the user catches up; it is removed when the user stops watching again. */
export function setWatching(reading: Reading, watching: boolean): Reading {
  if (watching === reading.watching) {
    return reading;
  }
  return watching ? { ...reading, watching, unread: 0 } : { watching, unread: 0, firstNew: null };
}

/** Nothing is new any more: the user has dismissed it, or has answered. */
export function markAllSeen(reading: Reading): Reading {
  return { ...reading, unread: 0, firstNew: null };
}

/** Adds new messages; `isOwn` is true for those that this user wrote. */
export function withMessages(
  reading: Reading,
  messages: readonly Message[],
  isOwn: (message: Message) => boolean,
): Reading {
  const news = reading.watching ? [] : messages.filter((message) => !isOwn(message));
  const first = news[0];
  return first
    ? { ...reading, unread: reading.unread + news.length, firstNew: reading.firstNew ?? first.offset }
    : reading;
}
