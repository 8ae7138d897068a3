// SPDX-License-Identifier: Apache-2.0
import type { Clearing, Refusal } from "../store/cloud";
import type { EventType, OperationKind } from "../store/types";
import type { ServerLine } from "../store/worklog";

/** A line of the Worklog: an event of the server, or a command of this tab that was refused. */
export type Line = ServerLine | RefusalLine;

export interface RefusalLine extends Refusal {
  type: "refused";
}

export interface LineFilter {
  text: string;
  /** None: all. */
  kinds: readonly EventType[];
  /** Only this instance's; null: all. */
  instanceId: string | null;
  /** Only lines after it; null: all. */
  clearing: Clearing | null;
}

export function keyOf(line: Line): string | number {
  return line.type === "refused" ? line.key : line.offset;
}

export function instanceOf(line: Line): string | null {
  return line.type === "refused" ? line.instanceId : line.instance.id;
}

export function timeOf(line: Line): number {
  return line.type === "refused" ? line.at : line.time;
}

export function isError(line: Line): boolean {
  return line.type === "refused" || line.type === "failed";
}

export function asLine(refusal: Refusal): RefusalLine {
  return { ...refusal, type: "refused" };
}

/** Whether a line is after the position at which the view was cleared. */
export function isAfter(line: Line, clearing: Clearing): boolean {
  return line.type === "refused" ? line.at > clearing.at : line.offset > clearing.offset;
}

/** The searchable text of a line; `words` gives the visible text. */
function textOf(line: Line, visibleText: VisibleText): string {
  const own = visibleText(line.type, line.kind);
  return line.type === "refused"
    ? `${line.instanceId ?? ""} ${own} ${line.code}`
    : `${line.instance.id} ${line.instance.name} ${own} ${line.door} ${line.error ?? ""}`;
}

export type VisibleText = (type: Line["type"], kind: OperationKind) => string;

/** The lines that match, the newest last; refusals are inserted by time. */
export function linesOf(
  lines: readonly ServerLine[],
  refusals: readonly Refusal[],
  { text, kinds, instanceId, clearing }: LineFilter,
  visibleText: VisibleText,
): readonly Line[] {
  const wanted = text.trim().toLowerCase();
  const matches = (line: Line) =>
    (clearing === null || isAfter(line, clearing)) &&
    (instanceId === null || instanceOf(line) === instanceId) &&
    (kinds.length === 0 || kinds.includes(line.type === "refused" ? "failed" : line.type)) &&
    (wanted === "" || textOf(line, visibleText).toLowerCase().includes(wanted));
  const all = wanted === "" && kinds.length === 0 && instanceId === null && clearing === null;
  const shown = all ? lines : lines.filter(matches);
  const first = lines[0]?.time ?? 0;
  const own = refusals
    .filter(({ at }) => at >= first)
    .map(asLine)
    .filter(matches);
  return own.length === 0 ? shown : merged(shown, own);
}

function merged(lines: readonly Line[], own: readonly Line[]): readonly Line[] {
  const all: Line[] = [];
  let next = 0;
  for (const line of lines) {
    for (let mine = own[next]; mine && timeOf(mine) < timeOf(line); mine = own[next]) {
      all.push(mine);
      next += 1;
    }
    all.push(line);
  }
  return [...all, ...own.slice(next)];
}

/** How many lines have come since the log was paused. */
export function countSince(lines: readonly Line[], pausedAt: number | null): number {
  if (pausedAt === null) {
    return 0;
  }
  let count = 0;
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at];
    if (line && line.type !== "refused") {
      if (line.offset <= pausedAt) {
        break;
      }
      count += 1;
    }
  }
  return count;
}

/** One JSON object for each line, for the download. */
export function jsonLinesOf(lines: readonly Line[]): string {
  const plain = lines.map((line) => ({
    time: new Date(timeOf(line)).toISOString(),
    level: isError(line) ? "ERROR" : "INFO",
    event: line.type,
    command: line.kind,
    instance: instanceOf(line),
    ...(line.type === "refused"
      ? { error: line.code }
      : {
          operation: line.operationId,
          door: line.door,
          ...(line.error !== null && { error: line.error }),
          ...(line.took !== null && { tookMs: line.took }),
        }),
  }));
  return plain.map((line) => `${JSON.stringify(line)}\n`).join("");
}
