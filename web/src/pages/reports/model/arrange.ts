// SPDX-License-Identifier: Apache-2.0
import { isSameQuery, type Query, type Sort } from "./query";
import type { Reports } from "./reduce";
import type { Report } from "./report";
import { type Status, statuses } from "./status";

type Order = (a: Report, b: Report) => number;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const newest: Order = (a, b) => compare(b.createdAt, a.createdAt) || compare(a.id, b.id);
const orders: Record<Sort, Order> = {
  newest,
  oldest: (a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id),
  changed: (a, b) => compare(b.updatedAt, a.updatedAt) || compare(a.id, b.id),
  status: (a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status) || newest(a, b),
};

export function matches(report: Report, query: Query): boolean {
  return (query.statuses.length === 0 || query.statuses.includes(report.status)) && report.id.includes(query.text);
}

export function matching(reports: Reports, query: Query): Report[] {
  return [...reports.values()].filter((report) => matches(report, query));
}

export function countByStatus(reports: Reports): Record<Status, number> {
  const counts: Record<Status, number> = { pending: 0, queued: 0, processing: 0, completed: 0, failed: 0, canceled: 0 };
  for (const report of reports.values()) {
    counts[report.status]++;
  }
  return counts;
}

/** The rows of the list in their current order. */
export interface Rows {
  query: Query;
  ids: readonly string[];
  known: ReadonlySet<string>;
  /** Matching reports that are held back. */
  waiting: number;
}

export function arrange(reports: Reports, query: Query): Rows {
  // Reversed first: the map is oldest first, and an array that is nearly in order is sorted quickly.
  const ids = matching(reports, query)
    .reverse()
    .sort(orders[query.sort])
    .map((report) => report.id);
  return { query, ids, known: new Set(ids), waiting: 0 };
}

/**
 * The rows after a change. While they are held (pointed at, scrolled, or one is open) none is moved, added or removed, and new
 * ones are held back, except `createdHere`, the report just created here.
 */
export function updateRows(
  rows: Rows,
  reports: Reports,
  query: Query,
  held: boolean,
  createdHere: string | null,
): Rows {
  const own = createdHere === null ? undefined : reports.get(createdHere);
  const isOwnMissing = own !== undefined && !rows.known.has(own.id) && matches(own, query);
  if (!held || !isSameQuery(rows.query, query) || rows.ids.length === 0 || isOwnMissing) {
    return sameRows(rows, arrange(reports, query));
  }
  const gone = rows.ids.some((id) => !reports.has(id));
  const ids = gone ? rows.ids.filter((id) => reports.has(id)) : rows.ids;
  const known = gone ? new Set(ids) : rows.known;
  let waiting = 0;
  for (const report of reports.values()) {
    if (!known.has(report.id) && matches(report, query)) {
      waiting++;
    }
  }
  return !gone && waiting === rows.waiting ? rows : { query, ids, known, waiting };
}

/** The old object, where the new rows are the same. */
function sameRows(old: Rows, rows: Rows): Rows {
  const same =
    isSameQuery(old.query, rows.query) &&
    old.waiting === rows.waiting &&
    old.ids.length === rows.ids.length &&
    old.ids.every((id, i) => id === rows.ids[i]);
  return same ? old : rows;
}
