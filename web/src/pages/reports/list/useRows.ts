// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { arrange, type Rows, settle } from "../model/arrange";
import type { Query } from "../model/query";
import { useReports } from "../store/reports";

/** The rows to show, which hold still while somebody reads them; and a way to let in what waits. */
export function useRows(query: Query, held: boolean): { rows: Rows; letIn: () => void } {
  const reports = useReports((store) => store.reports);
  const mine = useReports((store) => store.mine);
  const [rows, setRows] = useState(() => arrange(reports, query));
  const next = settle(rows, reports, query, held, mine);
  if (next !== rows) {
    setRows(next);
  }
  return { rows: next, letIn: () => setRows(arrange(useReports.getState().reports, query)) };
}
