// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { request } from "#/api/http";
import { parseCursor, sequenceIn } from "#/live/cursor";
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { announce } from "#/ui/announcer";
import { takeEvents, takeSnapshot, useCloud } from "./cloud";
import { commandOf } from "./commands";
import { reportFailure } from "./sending";
import type { CloudEvent } from "./types";
import { type HistoryPage, readEvent, readHistory, readInstances } from "./wire";
import { newsOf } from "./words";
import { addEvents, hasOlder, onlyBehind } from "./worklog";

const topic = "howl:cloud";
/** Lines that are loaded at once. */
const pageSize = 300;

/** Keeps the store as the server is, until the returned function is called. */
export function startFeed(): () => void {
  const stop = follow({ topic, snapshot, onEvents });
  return () => {
    stop();
    // Nobody is there any more to hear what becomes of them.
    useCloud.setState({ commands: new Map() });
  };
}

async function snapshot(signal: AbortSignal): Promise<string | null> {
  try {
    const response = await request("/api/cloud/instances", { signal });
    const cursor = response.headers.get("Howl-Cursor") ?? "";
    const base = parseCursor(cursor);
    if (base === null) {
      throw new Error("The list has no cursor to go on from.");
    }
    takeSnapshot(readInstances(await response.json()), base);
    // The list does not wait for the Worklog's past.
    void loadNewest(signal);
    return cursor;
  } catch (error) {
    signal.throwIfAborted();
    useCloud.setState({ trouble: error });
    throw error;
  }
}

function onEvents(live: readonly LiveEvent[]): void {
  const placed = live.flatMap((each) => {
    const event = readEvent(each);
    return event ? [{ event, at: sequenceIn(each.cursor, each.epoch) ?? 0 }] : [];
  });
  const before = useCloud.getState().commands;
  takeEvents(placed);
  for (const { event } of placed) {
    tell(event, commandOf(before, event.operationId) !== undefined);
  }
}

/** Says what has become of an instance, once; a failure of what was asked for here also shows. */
function tell(event: CloudEvent, mine: boolean): void {
  if (event.type === "failed" && mine) {
    reportFailure(event);
    return;
  }
  const news = newsOf(event);
  if (news) {
    announce(i18n._(news));
  }
}

/** The end of the log: what the stream brings joins on, since that began before. */
async function loadNewest(signal: AbortSignal): Promise<void> {
  await loading(signal, async () => {
    const { lastOffset, epoch } = await page(0, 1, signal);
    const after = Math.max(0, lastOffset - pageSize);
    useCloud.setState(({ worklog }) => ({ worklog: onlyBehind(worklog, epoch, after) }));
    await load(after, pageSize, signal);
  });
}

/** The page before the oldest line that is loaded. */
export async function loadOlder(signal: AbortSignal): Promise<void> {
  const { worklog } = useCloud.getState();
  const first = worklog.lines[0];
  if (first && hasOlder(worklog)) {
    const after = Math.max(0, first.offset - 1 - pageSize);
    await loading(signal, () => load(after, first.offset - 1 - after, signal));
  }
}

async function load(after: number, limit: number, signal: AbortSignal): Promise<void> {
  const { epoch, firstOffset, events } = await page(after, limit, signal);
  const read = events.flatMap((each) => readEvent({ ...each, epoch }) ?? []);
  useCloud.setState(({ worklog }) => ({ worklog: { ...addEvents(worklog, read), firstOffset } }));
}

async function page(after: number, limit: number, signal: AbortSignal): Promise<HistoryPage> {
  const response = await request(`/api/topics/${topic}/events?format=json&after=${after}&limit=${limit}`, { signal });
  return readHistory(await response.json());
}

async function loading(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    useCloud.setState({ historyTrouble: null });
  } catch (error) {
    // Who has left has no use for the answer.
    useCloud.setState({ historyTrouble: signal.aborted ? null : error });
  }
}
