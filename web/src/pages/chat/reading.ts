// SPDX-License-Identifier: Apache-2.0
import type { Message } from "./room";

/** What the person has seen, and what came since. */
export interface Reading {
  /** The page is shown, its tab too, and the newest message is in view. */
  watching: boolean;
  /** Messages of others that came while nobody watched. */
  unread: number;
  /** The first message after the person looked away: the line "New" stands above it. */
  firstNew: number | null;
}

export const atStart: Reading = { watching: false, unread: 0, firstNew: null };

/** The line stays while the person catches up; it goes when they look away again. */
export function watch(reading: Reading, watching: boolean): Reading {
  if (watching === reading.watching) {
    return reading;
  }
  return watching ? { ...reading, watching, unread: 0 } : { watching, unread: 0, firstNew: null };
}

/** Nothing is new any more: the person said so, or has answered. */
export function seenAll(reading: Reading): Reading {
  return { ...reading, unread: 0, firstNew: null };
}

/** Messages that came; `mine` tells the ones this person wrote. */
export function arrived(reading: Reading, messages: readonly Message[], mine: (message: Message) => boolean): Reading {
  const news = reading.watching ? [] : messages.filter((message) => !mine(message));
  const first = news[0];
  return first
    ? { ...reading, unread: reading.unread + news.length, firstNew: reading.firstNew ?? first.offset }
    : reading;
}
