// SPDX-License-Identifier: Apache-2.0
import { readHistory } from "#/api/history";
import { type Message, messagesMax, sourceOf } from "./inbox";

/** The server's limit of a page. */
const pageSize = 1000;

export interface Page {
  epoch: string;
  messages: Message[];
  lastOffset: number;
  more: boolean;
  /** The cursor from which the event stream continues after this page. */
  cursor: string | null;
}

async function pageOf(topic: string, after: number, signal: AbortSignal): Promise<Page> {
  const { epoch, lastOffset, more, events, cursor } = await readHistory(topic, after, pageSize, signal);
  const messages = events.map(({ offset, type, time, data }) => ({
    offset,
    source: sourceOf(type),
    time,
    text: data,
  }));
  return { epoch, messages, lastOffset, more, cursor };
}

/** What is loaded already: the last offset of an epoch. */
export interface KnownPosition {
  epoch: string | null;
  last: number;
}

/** Reads what comes after `known`, page by page, but no more than the list holds; the last page has the stream's cursor. */
export async function* pagesAfter(topic: string, known: KnownPosition, signal: AbortSignal): AsyncGenerator<Page> {
  let { epoch, last } = known;
  for (;;) {
    const found = await pageOf(topic, last, signal);
    if (epoch !== null && found.epoch !== epoch) {
      // In another epoch offsets start over.
      epoch = null;
      last = 0;
      continue;
    }
    epoch = found.epoch;
    yield found;
    if (!found.more) {
      return;
    }
    last = Math.max(found.messages.at(-1)?.offset ?? last, found.lastOffset - messagesMax);
  }
}
