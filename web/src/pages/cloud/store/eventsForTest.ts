// SPDX-License-Identifier: Apache-2.0
import type { CloudEvent, EventType, Instance, OperationKind, RunState } from "./types";

export function instanceForTest(id: string, state: RunState = "stopped", kind?: OperationKind): Instance {
  const operation = kind ? { id: `op-${id}`, kind, startedAt: 1000, durationMs: 20_000 } : null;
  return { id, name: "", state, changedAt: 1000, operation };
}

export function eventForTest(
  offset: number,
  type: EventType,
  kind: OperationKind,
  instance: Instance,
  operationId = `op-${offset}`,
): CloudEvent {
  return { epoch: "aaaa", offset, time: offset * 1000, type, operationId, kind, door: "api", error: null, instance };
}

/** A log as the server would write it: valid commands, some of which fail. */
export function logForTest(random: () => number, length: number): CloudEvent[] {
  const log: CloudEvent[] = [];
  const there = new Map<string, Instance>();
  while (log.length < length) {
    const ids = [...there.keys()];
    const target = ids[Math.floor(random() * (ids.length + 1))] ?? `id-${log.length}`;
    step(log, there, target, random());
  }
  return log;
}

function step(log: CloudEvent[], there: Map<string, Instance>, id: string, chance: number): void {
  const before = there.get(id);
  const kind: OperationKind = !before
    ? "create"
    : chance < 0.3
      ? "remove"
      : before.state === "running"
        ? "stop"
        : "start";
  const operationId = `op-${log.length}`;
  const put = (type: EventType, instance: Instance) =>
    log.push(eventForTest(log.length + 1, type, kind, instance, operationId));
  put("received", instanceForTest(id, before?.state, kind));
  if (chance > 0.85) {
    put("failed", instanceForTest(id, before?.state));
    return;
  }
  const state = kind === "start" ? "running" : "stopped";
  const done = { create: "created", start: "started", stop: "stopped", remove: "removed" } as const;
  put(done[kind], instanceForTest(id, state));
  there.set(id, instanceForTest(id, state));
  if (kind === "remove") {
    there.delete(id);
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
