// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "#/contract/reads";
import { readText } from "#/contract/readText";
import type { Answers, InstanceEvent, InstanceEventType } from "#/contract/shapes";
import { time } from "#/contract/time";
import type { CloudEvent, Instance } from "./types";

const kind = v.picklist(["create", "start", "stop", "remove"]);

/** One of the list, of `GET /api/cloud/instances/{id}`. */
export const instance = reads<Answers["showInstance"]>()(
  v.pipe(
    v.object({
      id: v.string(),
      state: v.picklist(["running", "stopped"]),
      timestamp: time,
      name: v.optional(v.string(), ""),
      op: v.optional(v.object({ id: v.string(), kind, startedAt: time, durationMs: v.number() })),
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
  ),
);
/** The list of `GET /api/cloud/instances`. */
export const instances = reads<Answers["listInstances"]>()(v.array(instance));
/** What a command is answered with. */
export const accepted = reads<Answers["createInstance"]>()(v.object({ opId: v.string(), id: v.string() }));

const eventType = reads<InstanceEventType>()(
  v.picklist(["received", "created", "started", "stopped", "removed", "failed"]),
);
const notice = reads<InstanceEvent>()(
  v.object({ opId: v.string(), kind, door: v.string(), error: v.optional(v.string()), instance }),
);

interface RawEvent {
  epoch: string;
  offset: number;
  time: number;
  type: string;
  data: string;
}

/** An event of the topic `howl:cloud`; null for one that this page does not know, which a newer server may send. */
export function readEvent({ epoch, offset, time, type, data }: RawEvent): CloudEvent | null {
  const parsed = readText(notice, data);
  if (!parsed || !v.is(eventType, type)) {
    return null;
  }
  const { opId, kind, door, error, instance } = parsed;
  return { epoch, offset, time, type, operationId: opId, kind, door, error: error ?? null, instance };
}
