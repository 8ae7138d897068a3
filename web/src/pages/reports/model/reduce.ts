// SPDX-License-Identifier: Apache-2.0
import { type FullReport, type Report, type ReportEvent, withEvent, withFullReport } from "./report";

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

/** The response to a command, or to a read of one report. */
export function applyAnswer(reports: Reports, whole: FullReport): Reports {
  const known = reports.get(whole.id);
  const report = withFullReport(known, whole);
  return report === known ? reports : new Map(reports).set(whole.id, report);
}

/**
 * The server's list replaces ours: some reports may be gone. But what has changed here since the list was requested (`before` is
 * the state then) is kept where the list is older: the response to a command may have overtaken it.
 */
export function applySnapshot(reports: Reports, list: readonly FullReport[], before: Reports): Reports {
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
