// SPDX-License-Identifier: Apache-2.0
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { applyEvents, applySnapshot } from "../model/reduce";
import { hasGap } from "../model/report";
import { show, showNews, showUser, takeAnswer, useReports } from "./reports";
import { newsIn, readList, readReport, topicOf } from "./server";

/** Keeps the store at what the server knows of a user's reports, until the returned function is called. */
export function followReports(user: string): () => void {
  showUser(user);
  return follow({
    topic: topicOf(user),
    snapshot: (signal) => takeList(user, signal),
    onEvents: (events) => takeEvents(user, events),
  });
}

async function takeList(user: string, signal: AbortSignal): Promise<string | null> {
  const before = useReports.getState().reports;
  try {
    const { list, cursor } = await readList(user, signal);
    show(applySnapshot(useReports.getState().reports, list, before));
    useReports.setState({ ready: true, trouble: null });
    return cursor;
  } catch (error) {
    if (!signal.aborted) {
      useReports.setState({ trouble: error });
    }
    throw error;
  }
}

function takeEvents(user: string, events: readonly LiveEvent[]): void {
  const news = events.map(newsIn).filter((each) => each !== null);
  const ids = new Set(news.map((each) => each.id));
  showNews(applyEvents(useReports.getState().reports, news), ids);
  for (const id of ids) {
    void fillGap(user, id);
  }
}

const filling = new Set<string>();

/** Asks for the moves of a report that never came here. Where that fails, the details ask again when they are opened. */
export async function fillGap(user: string, id: string): Promise<void> {
  const report = useReports.getState().reports.get(id);
  if (!report || !hasGap(report) || filling.has(id)) {
    return;
  }
  filling.add(id);
  try {
    takeAnswer(user, await readReport(user, id));
  } catch {
    // The history says where it has a gap.
  } finally {
    filling.delete(id);
  }
}
