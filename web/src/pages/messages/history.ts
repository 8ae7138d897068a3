// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { request } from "#/api/http";
import { type Message, mostMessages, sourceOf } from "./inbox";

/** The most that the server gives at once. */
const pageSize = 1000;

const page = v.object({
  epoch: v.string(),
  lastOffset: v.number(),
  more: v.boolean(),
  events: v.array(v.object({ offset: v.number(), type: v.string(), time: v.string(), data: v.string() })),
});

export interface Page {
  epoch: string;
  messages: Message[];
  lastOffset: number;
  more: boolean;
  /** From where the event stream goes on behind this page. */
  cursor: string | null;
}

async function pageOf(topic: string, after: number, signal: AbortSignal): Promise<Page> {
  const response = await request(`/api/topics/${topic}/events?format=json&after=${after}&limit=${pageSize}`, {
    signal,
  });
  const { epoch, lastOffset, more, events } = v.parse(page, await response.json());
  const messages = events.map(({ offset, type, time, data }) => ({
    offset,
    source: sourceOf(type),
    time: Date.parse(time),
    text: data,
  }));
  return { epoch, messages, lastOffset, more, cursor: response.headers.get("Howl-Cursor") };
}

/** What is already here: the last offset of an epoch. */
export interface Known {
  epoch: string | null;
  last: number;
}

/** Reads what came behind `known`, page by page, but no more than a list holds; the last page carries the stream's cursor. */
export async function* pagesBehind(topic: string, known: Known, signal: AbortSignal): AsyncGenerator<Page> {
  let { epoch, last } = known;
  for (;;) {
    const found = await pageOf(topic, last, signal);
    if (epoch !== null && found.epoch !== epoch) {
      // Offsets begin anew in another epoch.
      epoch = null;
      last = 0;
      continue;
    }
    epoch = found.epoch;
    yield found;
    if (!found.more) {
      return;
    }
    last = Math.max(found.messages.at(-1)?.offset ?? last, found.lastOffset - mostMessages);
  }
}
