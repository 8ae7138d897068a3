// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { LoaderCircle, RotateCcw, X } from "lucide-react";
import { describeError } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import type { Asked } from "../model/asked";
import type { Report } from "../model/report";
import { actionFor, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";

/** Cancel or Retry, whichever the server allows; else why there is neither. */
export function Actions({ report }: { report: Report }) {
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
  const isWaiting = asked?.failure === null && asked.to === targetOf[action];
  return (
    <div className="flex flex-col items-start gap-2">
      <Button
        off={asked?.failure === null}
        aria-busy={isWaiting}
        onClick={() => void moveReport(report.id, targetOf[action])}
      >
        {isWaiting ? (
          <LoaderCircle aria-hidden className="size-4 animate-spin-slow" />
        ) : action === "cancel" ? (
          <X aria-hidden className="size-4" />
        ) : (
          <RotateCcw aria-hidden className="size-4" />
        )}
        <Words action={action} isWaiting={isWaiting} />
      </Button>
      {asked?.failure && <WhyNot asked={asked} />}
    </div>
  );
}

function Words({ action, isWaiting }: { action: "cancel" | "retry"; isWaiting: boolean }) {
  const { t } = useLingui();
  if (action === "cancel") {
    return isWaiting ? t`Canceling…` : t`Cancel the report`;
  }
  return isWaiting ? t`Retrying…` : t`Retry the report`;
}

function WhyNot({ asked }: { asked: Asked }) {
  return (
    <p role="status" className="text-sm text-bad">
      <Trans>
        It is as it was. {describeError(asked.failure?.code)} What you see is what the server said last; try again when
        you like: nothing can happen twice.
      </Trans>
    </p>
  );
}
