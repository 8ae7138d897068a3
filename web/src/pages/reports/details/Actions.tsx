// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { Button } from "#/ui/Button";
import type { Report } from "../model/report";
import { actionFor, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { actionLooks } from "../texts/actionLooks";

/** Cancel or Retry, whichever the server allows; else why there is neither. */
export function Actions({ report }: { report: Report }) {
  const { i18n } = useLingui();
  const asked = useReports((store) => store.asked.get(report.id));
  const action = actionFor(report.allowed);
  if (!action) {
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
  const { icon, word, waiting } = actionLooks[action];
  const isOpen = asked?.failure === null;
  const isWaiting = isOpen && asked.to === targetOf[action];
  const Icon = isWaiting ? LoaderCircle : icon;
  return (
    <Button
      off={isOpen}
      aria-busy={isWaiting}
      onClick={() => void moveReport(report.id, targetOf[action], "in place")}
      className="self-start"
    >
      <Icon aria-hidden className={isWaiting ? "size-4 animate-spin-slow" : "size-4"} />
      {i18n._(isWaiting ? waiting : word)}
    </Button>
  );
}
