// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { readHistory } from "#/api/history";
import { readAnswer, request } from "#/api/http";
import { parseCursor, sequenceIn } from "#/live/cursor";
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { announce } from "#/ui/announcer";
import { storeEvents, storeSnapshot, useCloud } from "./cloud";
import { commandOf } from "./commands";
import { announcementOf } from "./labels";
import { instances, readEvent } from "./schemas";
import { reportFailure } from "./sending";
import type { CloudEvent } from "./types";
import { addEvents, hasOlder, onlyAfter } from "./worklog";

const topic = "howl:cloud";
/** The number of lines loaded at once. */
const pageSize = 300;

/** Keeps the store in step with the server, until the returned function is called. */
export function startFeed(): () => void {
  const stop = follow({ topic, snapshot, onEvents });
  return () => {
    stop();
    // Their outcome would not be observed any more.
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
    storeSnapshot(await readAnswer(response, instances), base);
    // The list does not wait for the Worklog's history.
    void loadNewest(signal);
    return cursor;
  } catch (error) {
    signal.throwIfAborted();
    useCloud.setState({ error: error });
    throw error;
  }
}

function onEvents(live: readonly LiveEvent[]): void {
  const placed = live.flatMap((each) => {
    const event = readEvent(each);
    return event ? [{ event, at: sequenceIn(each.cursor, each.epoch) ?? 0 }] : [];
  });
  const before = useCloud.getState().commands;
  storeEvents(placed);
  for (const { event } of placed) {
    report(event, commandOf(before, event.operationId) !== undefined);
  }
}

/** Announces an event, once; the failure of a command of this tab is also shown as a toast. */
function report(event: CloudEvent, isOwn: boolean): void {
  if (event.type === "failed" && isOwn) {
    reportFailure(event);
    return;
  }
  const news = announcementOf(event);
  if (news) {
    announce(i18n._(news));
  }
}

/** Loads the end of the log; there is no gap to the stream, which started before. */
async function loadNewest(signal: AbortSignal): Promise<void> {
  await loading(signal, async () => {
    const { lastOffset, epoch } = await readHistory(topic, 0, 1, signal);
    const after = Math.max(0, lastOffset - pageSize);
    useCloud.setState(({ worklog }) => ({ worklog: onlyAfter(worklog, epoch, after) }));
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
  const { epoch, firstOffset, events } = await readHistory(topic, after, limit, signal);
  const read = events.flatMap((each) => readEvent({ ...each, epoch }) ?? []);
  useCloud.setState(({ worklog }) => ({ worklog: { ...addEvents(worklog, read), firstOffset } }));
}

async function loading(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    useCloud.setState({ historyError: null });
  } catch (error) {
    // After leaving the page the error does not matter.
    useCloud.setState({ historyError: signal.aborted ? null : error });
  }
}
