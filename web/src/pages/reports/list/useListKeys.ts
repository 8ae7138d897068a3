// SPDX-License-Identifier: Apache-2.0

import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { type PageKey, useKeys } from "#/ui/keys";
import type { Rows } from "../model/arrange";
import { type Action, actionFor, targetOf } from "../model/status";
import { createReport, moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { actionStyles } from "../texts/actionStyles";
import type { Step } from "./Table";

/** The active row and the page's shortcuts. With the details open, stepping goes from report to report. */
export function useListKeys(rows: Rows, open: string | null) {
  const { t, i18n } = useLingui();
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
      // Back to the row that was opened, unless something else has the focus.
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
  const activeReport = () => (active === null ? undefined : useReports.getState().reports.get(active));
  const disabledReason = (action: Action) => {
    const report = activeReport();
    if (!report) {
      return t`Choose a report first.`;
    }
    return actionFor(report.allowed) === action ? null : i18n._(actionStyles[action].disabledReason);
  };
  const act = (action: Action) => {
    const report = activeReport();
    if (report && disabledReason(action) === null) {
      void moveReport(report.id, targetOf[action]);
    }
  };
  const stepKey = (code: string, keyLabel: string, label: string, to: Step): PageKey => ({
    code,
    keyLabel,
    label,
    run: () => step(to),
    disabledReason: () => (rows.ids.length === 0 ? t`There are no reports.` : null),
  });
  const actionKey = (code: string, keyLabel: string, label: string, action: Action): PageKey => ({
    code,
    keyLabel,
    label,
    run: () => act(action),
    disabledReason: () => disabledReason(action),
  });
  const close = () => navigate({ pathname: "/reports", search });
  useKeys([
    { code: "KeyN", keyLabel: "n", label: t`Create new report`, run: () => void createReport() },
    stepKey("KeyJ", "j", t`Next report`, "next"),
    stepKey("KeyK", "k", t`Previous report`, "previous"),
    actionKey("KeyR", "r", t`Retry the report`, "retry"),
    actionKey("KeyX", "x", t`Cancel the report`, "cancel"),
    ...(open === null ? [] : [{ code: "Escape", keyLabel: "Esc", label: t`Close the details`, run: close }]),
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
