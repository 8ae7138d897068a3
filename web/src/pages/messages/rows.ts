// SPDX-License-Identifier: Apache-2.0
import type { FeedItems } from "#/ui/feedItems";
import { countUpTo, type Inbox, isRead, type Message, remaining } from "./inbox";

/** A line of the list: a message, or a heading between messages. */
export type Row =
  | { readonly kind: "message"; readonly message: Message; readonly read: boolean }
  | { readonly kind: "away"; readonly count: number }
  | { readonly kind: "earlier" };

/**
 * The rows of the list, newest first; messages that arrived unwatched are under a heading of their own. A row is created on
 * access: of ten thousand a few are visible, and messages may come by the hundred a second.
 */
export function rowsOf(inbox: Inbox): FeedItems<Row> {
  const shown = remaining(inbox);
  const { after, upTo } = inbox.away ?? { after: 0, upTo: 0 };
  const older = countUpTo(shown, after);
  const count = countUpTo(shown, upTo) - older;
  /** The row of the heading over them, and of the one below them. */
  const away = count > 0 ? shown.length - older - count : Number.POSITIVE_INFINITY;
  const earlier = count > 0 && older > 0 ? away + 1 + count : Number.POSITIVE_INFINITY;
  const headingsAbove = (index: number) => Number(index > away) + Number(index > earlier);
  const messageAt = (index: number) => shown[shown.length - 1 - index + headingsAbove(index)];
  return {
    length: shown.length + Number(Number.isFinite(away)) + Number(Number.isFinite(earlier)),
    at: (index) => {
      if (index === away) {
        return { kind: "away", count };
      }
      if (index === earlier) {
        return { kind: "earlier" };
      }
      const message = messageAt(index);
      return message && { kind: "message", message, read: isRead(inbox, message.offset) };
    },
    keyAt: (index) => (index === away ? "away" : index === earlier ? "earlier" : (messageAt(index)?.offset ?? "none")),
  };
}
