// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "#/contract/reads";
import type { Answers } from "#/contract/shapes";
import { time } from "#/contract/time";
import { readAnswer, request } from "./http";
import { spellTopic } from "./topicName";

const history = reads<Answers["readEvents"]>()(
  v.object({
    epoch: v.string(),
    firstOffset: v.number(),
    lastOffset: v.number(),
    more: v.boolean(),
    events: v.array(v.object({ offset: v.number(), type: v.string(), time, data: v.string() })),
  }),
);

export interface HistoryPage extends v.InferOutput<typeof history> {
  /** The cursor from which the event stream continues after this page. */
  cursor: string | null;
}

/** The retained events of a topic after the offset `after`, at most `limit`. */
export async function readHistory(
  topic: string,
  after: number,
  limit: number,
  signal: AbortSignal,
): Promise<HistoryPage> {
  const response = await request(`/api/topics/${spellTopic(topic)}/events?format=json&after=${after}&limit=${limit}`, {
    signal,
  });
  return { ...(await readAnswer(response, history)), cursor: response.headers.get("Howl-Cursor") };
}
