// SPDX-License-Identifier: Apache-2.0
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { applyEvents, applySnapshot } from "../model/reduce";
import { hasGap } from "../model/report";
import { showUser, storeAndAnnounce, storeAnswer, storeReports, useReports } from "./reports";
import { newsIn, readList, readReport, topicOf } from "./server";

/** Keeps the store in step with a user's reports on the server, until the returned function is called. */
export function followReports(user: string): () => void {
  showUser(user);
  return follow({
    topic: topicOf(user),
    snapshot: (signal) => loadList(user, signal),
    onEvents: (events) => storeEvents(user, events),
  });
}

async function loadList(user: string, signal: AbortSignal): Promise<string | null> {
  const before = useReports.getState().reports;
  try {
    const { list, cursor } = await readList(user, signal);
    storeReports(applySnapshot(useReports.getState().reports, list, before));
    useReports.setState({ ready: true, error: null });
    return cursor;
  } catch (error) {
    if (!signal.aborted) {
      useReports.setState({ error: error });
    }
    throw error;
  }
}

function storeEvents(user: string, events: readonly LiveEvent[]): void {
  const news = events.map(newsIn).filter((each) => each !== null);
  const ids = new Set(news.map((each) => each.id));
  storeAndAnnounce(applyEvents(useReports.getState().reports, news), ids);
  for (const id of ids) {
    void fillGap(user, id);
  }
}

const filling = new Set<string>();

/** Reads a report whose history has a gap. Where that fails, opening the details retries. */
export async function fillGap(user: string, id: string): Promise<void> {
  const report = useReports.getState().reports.get(id);
  if (!report || !hasGap(report) || filling.has(id)) {
    return;
  }
  filling.add(id);
  try {
    storeAnswer(user, await readReport(user, id));
  } catch {
    // The history shows the gap.
  } finally {
    filling.delete(id);
  }
}
