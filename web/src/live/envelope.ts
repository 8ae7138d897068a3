// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "#/contract/reads";
import { readText } from "#/contract/readText";
import type { Drain, Envelope, Heartbeat } from "#/contract/shapes";
import { time } from "#/contract/time";
import { parseCursor } from "./cursor";
import type { LiveEvent } from "./types";

const envelope = reads<Envelope>()(
  v.object({ topic: v.string(), epoch: v.string(), offset: v.number(), type: v.string(), time, data: v.string() }),
);

/** Parses an event in the form `envelope=json`; null: malformed. */
export function parseEnvelope(text: string, id: string): LiveEvent | null {
  const cursor = parseCursor(id);
  const event = readText(envelope, text);
  return cursor && event && { ...event, cursor };
}

const heartbeat = reads<Heartbeat>()(v.object({ time: v.optional(time), everyMs: v.optional(v.number(), 0) }));
const drain = reads<Drain>()(v.object({ retryMs: v.number() }));
const ofTopic = v.object({ topic: v.string() });

/** The data of `hb`: the server's clock where it says it, and the interval in ms, 0 where it does not. */
export function parseHeartbeat(text: string): v.InferOutput<typeof heartbeat> {
  return readText(heartbeat, text) ?? { everyMs: 0 };
}

/** The data of `drain`: when to reconnect, in ms; 0: not sent. */
export function retryDelayIn(text: string): number {
  return readText(drain, text)?.retryMs ?? 0;
}

/** The topic of an envelope or of a `reset`; "" where there is none. */
export function topicIn(text: string): string {
  return readText(ofTopic, text)?.topic ?? "";
}
