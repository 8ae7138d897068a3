// SPDX-License-Identifier: Apache-2.0
import { type Inbox, isRead, kept, type Message } from "./inbox";

/** A line of the list: a message, or a heading between messages. */
export type Row =
  | { readonly kind: "message"; readonly key: string; readonly message: Message; readonly read: boolean }
  | { readonly kind: "away"; readonly key: string; readonly count: number }
  | { readonly kind: "earlier"; readonly key: string };

/** The list as it is shown, newest first; what came while nobody looked stands under a heading of its own. */
export function rowsOf(inbox: Inbox): readonly Row[] {
  const { away } = inbox;
  const shown = kept(inbox).toReversed();
  const isAway = ({ offset }: Message) => away !== null && offset > away.after && offset <= away.upTo;
  const count = shown.filter(isAway).length;
  const rows: Row[] = [];
  for (const [at, message] of shown.entries()) {
    const above = shown[at - 1];
    if (isAway(message) && !(above && isAway(above))) {
      rows.push({ kind: "away", key: "away", count });
    } else if (above && isAway(above) && !isAway(message)) {
      rows.push({ kind: "earlier", key: "earlier" });
    }
    rows.push({ kind: "message", key: String(message.offset), message, read: isRead(inbox, message.offset) });
  }
  return rows;
}
