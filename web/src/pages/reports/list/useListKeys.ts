// SPDX-License-Identifier: Apache-2.0

import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { type PageKey, useKeys } from "#/ui/keys";
import type { Rows } from "../model/arrange";
import { type Action, actionFor, targetOf } from "../model/status";
import { createReport, moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import type { Step } from "./Table";

/** The active row and the page's keys. With the details open, stepping goes from report to report. */
export function useListKeys(rows: Rows, open: string | null) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { search } = useLocation();
  const [chosen, setActive] = useState<string | null>(null);
  const [focusCall, setFocusCall] = useState(0);
  const active = open ?? chosen;

  const lastOpen = useRef(open);
  useEffect(() => {
    const closed = open === null ? lastOpen.current : null;
    lastOpen.current = open;
    if (closed !== null) {
      // Back to the row that one came from, unless the focus has a place of its own.
      setActive(closed);
      if (document.activeElement === document.body) {
        setFocusCall((call) => call + 1);
      }
    }
  }, [open]);

  const step = (to: Step) => {
    const id = rows.ids[targetOfStep(to, active === null ? -1 : rows.ids.indexOf(active), rows.ids.length)];
    if (id === undefined) {
      return;
    }
    setActive(id);
    if (open === null) {
      setFocusCall(focusCall + 1);
    } else {
      navigate({ pathname: `/reports/${id}`, search }, { replace: true });
    }
  };
  const act = (action: Action) => {
    const report = active === null ? undefined : useReports.getState().reports.get(active);
    if (report && actionFor(report.allowed) === action) {
      void moveReport(report.id, targetOf[action]);
    }
  };
  const key = (code: string, shown: string, what: string, run: () => void): PageKey => ({
    code,
    shown,
    what,
    act: run,
  });
  useKeys([
    key("KeyN", "n", t`Create new report`, () => void createReport()),
    key("KeyJ", "j", t`Next report`, () => step("next")),
    key("KeyK", "k", t`Previous report`, () => step("previous")),
    key("KeyR", "r", t`Retry the report`, () => act("retry")),
    key("KeyX", "x", t`Cancel the report`, () => act("cancel")),
    key("Escape", "Esc", t`Close the details`, () => open !== null && navigate({ pathname: "/reports", search })),
  ]);
  return { active, setActive, step, focusCall };
}

function targetOfStep(to: Step, at: number, count: number): number {
  switch (to) {
    case "next":
      return Math.min(at + 1, count - 1);
    case "previous":
      return Math.max(at - 1, 0);
    case "first":
      return 0;
    case "last":
      return count - 1;
  }
}
