// SPDX-License-Identifier: Apache-2.0
import { type Report, type ReportEvent, type WholeReport, withEvent, withWhole } from "./report";

/** All reports of a user by id, oldest first. */
export type Reports = ReadonlyMap<string, Report>;

export function applyEvents(reports: Reports, events: readonly ReportEvent[]): Reports {
  const next = new Map(reports);
  let changed = false;
  for (const event of events) {
    const known = next.get(event.id);
    const report = withEvent(known, event);
    if (report !== known) {
      next.set(event.id, report);
      changed = true;
    }
  }
  return changed ? next : reports;
}

/** The answer to a command, or to a question about one report. */
export function applyAnswer(reports: Reports, whole: WholeReport): Reports {
  const known = reports.get(whole.id);
  const report = withWhole(known, whole);
  return report === known ? reports : new Map(reports).set(whole.id, report);
}

/**
 * The server's list replaces ours: it may have forgotten some. But what has changed here since the list was asked for
 * (`before` is how it looked then) is kept where the list is older: the answer to a command may have overtaken it.
 */
export function applySnapshot(reports: Reports, list: readonly WholeReport[], before: Reports): Reports {
  const next = new Map<string, Report>(list.map((whole) => [whole.id, whole]));
  for (const [id, report] of reports) {
    if (report === before.get(id)) {
      continue;
    }
    const listed = next.get(id);
    if (!listed || report.version > listed.version) {
      next.set(id, report);
    }
  }
  return next;
}
