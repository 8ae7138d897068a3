// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { arrange, type Rows, updateRows } from "../model/arrange";
import type { Query } from "../model/query";
import { useReports } from "../store/reports";

/** The rows to show, which do not move while the user reads them, and a function that shows the held-back ones. */
export function useRows(query: Query, held: boolean): { rows: Rows; showWaiting: () => void } {
  const reports = useReports((store) => store.reports);
  const createdHere = useReports((store) => store.createdHere);
  const [rows, setRows] = useState(() => arrange(reports, query));
  const next = updateRows(rows, reports, query, held, createdHere);
  if (next !== rows) {
    setRows(next);
  }
  return { rows: next, showWaiting: () => setRows(arrange(useReports.getState().reports, query)) };
}
