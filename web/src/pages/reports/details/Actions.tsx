// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { Button } from "#/ui/Button";
import { useJustChanged } from "#/ui/justChanged";
import type { Report } from "../model/report";
import { type Action, actionFor, actions, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { actionStyles } from "../texts/actionStyles";

/** Cancel and Retry, each always in its place; a disabled one shows why. */
export function Actions({ report }: { report: Report }) {
  if (actionFor(report.allowed)) {
    return (
      <div className="flex flex-wrap gap-2">
        {actions.map((action) => (
          <ActionButton key={action} report={report} action={action} />
        ))}
      </div>
    );
  }
  return (
    <p className="text-sm text-soft">
      {report.status === "completed" ? (
        <Trans>A completed report is final.</Trans>
      ) : (
        <Trans>A report that is being processed cannot be stopped: it ends as completed or failed.</Trans>
      )}
    </p>
  );
}

function ActionButton({ report, action }: { report: Report; action: Action }) {
  const { i18n } = useLingui();
  const pending = useReports((store) => store.pendingMoves.get(report.id));
  const isPossible = actionFor(report.allowed) === action;
  const justChanged = useJustChanged(isPossible);
  const isOpen = pending?.failure === null;
  const isWaiting = isOpen && pending.to === targetOf[action];
  const { icon, label, pendingLabel, disabledReason } = actionStyles[action];
  const Icon = isWaiting ? LoaderCircle : icon;
  return (
    <Button
      reason={isPossible ? undefined : i18n._(disabledReason)}
      off={isOpen || justChanged}
      aria-busy={isWaiting}
      onClick={() => void moveReport(report.id, targetOf[action], "in place")}
    >
      <Icon aria-hidden className={isWaiting ? "size-4 animate-spin-slow" : "size-4"} />
      {i18n._(isWaiting ? pendingLabel : label)}
    </Button>
  );
}
