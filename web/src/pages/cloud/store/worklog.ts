// SPDX-License-Identifier: Apache-2.0
import type { CloudEvent } from "./types";

/** An event as a line of the Worklog. */
export interface ServerLine extends CloudEvent {
  /** How long it took since the command came in, in ms; null for that line itself, and while it is not loaded. */
  took: number | null;
}

/** The newest lines that are loaded, without a gap, in the order of the log. */
export interface Worklog {
  epoch: string | null;
  lines: readonly ServerLine[];
  /** The oldest offset that the server keeps; null until it has said so. */
  firstOffset: number | null;
}

export const emptyWorklog: Worklog = { epoch: null, lines: [], firstOffset: null };

/** The number of lines that are kept, the newest. */
export const linesKept = 10_000;

/** Whether the server has lines older than these, and there is room for them. */
export function hasOlder({ lines, firstOffset }: Worklog): boolean {
  const first = lines[0];
  return first !== undefined && firstOffset !== null && firstOffset < first.offset && lines.length < linesKept;
}

/** Without lines before `after` or of another epoch: between those and the lines loaded next there may be a gap. */
export function onlyAfter(log: Worklog, epoch: string, after: number): Worklog {
  return log.epoch === epoch
    ? { ...log, lines: log.lines.filter(({ offset }) => offset > after) }
    : { ...emptyWorklog, epoch };
}

/** Adds events, from the stream or from history, in any order and with duplicates. Another epoch starts a new log. */
export function addEvents(log: Worklog, events: readonly CloudEvent[]): Worklog {
  const epoch = events.at(-1)?.epoch;
  if (epoch === undefined) {
    return log;
  }
  const before = epoch === log.epoch ? log : { ...emptyWorklog, epoch };
  const added = events.filter((event) => event.epoch === epoch).map((event): ServerLine => ({ ...event, took: null }));
  const last = before.lines.at(-1)?.offset ?? -1;
  const lines = extendsLog(last, added) ? appended(before.lines, added) : merged(before.lines, added);
  return { ...before, lines: lines.length > linesKept ? lines.slice(-linesKept) : lines };
}

function extendsLog(last: number, lines: readonly ServerLine[]): boolean {
  return lines.every((line, at) => line.offset > (lines[at - 1]?.offset ?? last));
}

/** The common case: new lines come after all others, many times a second, so old lines are not processed again. */
function appended(lines: readonly ServerLine[], added: readonly ServerLine[]): ServerLine[] {
  const all = lines.concat(added);
  for (let at = lines.length; at < all.length; at++) {
    const line = all[at];
    if (line && line.type !== "received") {
      const request = all.findLast((each) => each.operationId === line.operationId && each.type === "received");
      all[at] = withDuration(line, request?.time);
    }
  }
  return all;
}

function merged(lines: readonly ServerLine[], added: readonly ServerLine[]): ServerLine[] {
  const byOffset = new Map([...added, ...lines].map((line) => [line.offset, line]));
  const all = [...byOffset.values()].sort((a, b) => a.offset - b.offset);
  const requests = new Map(
    all.filter(({ type }) => type === "received").map(({ operationId, time }) => [operationId, time]),
  );
  return all.map((line) => (line.type === "received" ? line : withDuration(line, requests.get(line.operationId))));
}

function withDuration(line: ServerLine, requestedAt: number | undefined): ServerLine {
  return requestedAt === undefined || line.took !== null ? line : { ...line, took: line.time - requestedAt };
}
