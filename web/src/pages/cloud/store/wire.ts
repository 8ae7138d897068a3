// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import type { CloudEvent, Instance } from "./types";

const point = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number(),
);
const kind = v.picklist(["create", "start", "stop", "remove"]);

const instance = v.pipe(
  v.object({
    id: v.string(),
    state: v.picklist(["running", "stopped"]),
    timestamp: point,
    name: v.optional(v.string(), ""),
    op: v.optional(v.object({ id: v.string(), kind, startedAt: point, durationMs: v.number() })),
  }),
  v.transform(
    ({ id, name, state, timestamp, op }): Instance => ({
      id,
      name,
      state,
      changedAt: timestamp,
      operation: op ?? null,
    }),
  ),
);
const instances = v.array(instance);

const eventType = v.picklist(["received", "created", "started", "stopped", "removed", "failed"]);
const notice = v.object({ opId: v.string(), kind, door: v.string(), error: v.optional(v.string()), instance });

const history = v.object({
  epoch: v.string(),
  firstOffset: v.number(),
  lastOffset: v.number(),
  events: v.array(v.object({ offset: v.number(), type: v.string(), time: point, data: v.string() })),
});
export type HistoryPage = v.InferOutput<typeof history>;

/** The list of `GET /api/cloud/instances`. Throws where it is none. */
export function readInstances(json: unknown): Instance[] {
  return v.parse(instances, json);
}

/** One of them, of `GET /api/cloud/instances/{id}`. Throws where it is none. */
export function readInstance(json: unknown): Instance {
  return v.parse(instance, json);
}

/** A page of `GET /api/topics/howl:cloud/events`. Throws where it is none. */
export function readHistory(json: unknown): HistoryPage {
  return v.parse(history, json);
}

interface RawEvent {
  epoch: string;
  offset: number;
  time: number;
  type: string;
  data: string;
}

/** An event of the topic `howl:cloud`; null for one that this page does not know, which a newer server may send. */
export function readEvent({ epoch, offset, time, type, data }: RawEvent): CloudEvent | null {
  const known = v.safeParse(eventType, type);
  const said = v.safeParse(notice, parsed(data));
  if (!known.success || !said.success) {
    return null;
  }
  const { opId, kind, door, error, instance } = said.output;
  return { epoch, offset, time, type: known.output, operationId: opId, kind, door, error: error ?? null, instance };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
