// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { CircleX } from "lucide-react";
import { useFormats } from "#/i18n/format";
import { CopyButton } from "#/ui/copy";
import { Time } from "#/ui/Time";
import type { Attempt } from "../model/attempts";
import type { Report } from "../model/report";

/** How an attempt failed. A worker reports no reason, so none is shown. */
export function FailureBox({ report, attempt }: { report: Report; attempt: Attempt }) {
  const { t } = useLingui();
  const formats = useFormats();
  const index = attempt.visits.findIndex((stay) => stay?.move.status === "failed");
  const failed = attempt.visits[index];
  if (!failed) {
    return null;
  }
  const work = attempt.visits[index - 1];
  const worked = work ? formats.duration(Date.parse(failed.move.at) - Date.parse(work.move.at)) : null;
  const details = JSON.stringify({ report: report.id, user: report.userId, code: "failed", ...failed.move }, null, 2);
  return (
    <section aria-label={t`Failure`} className="flex gap-3 rounded-control bg-bad-tint px-3 py-2.5 text-sm">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {worked === null ? (
            <Trans>Attempt {attempt.number} failed.</Trans>
          ) : (
            <Trans>
              Attempt {attempt.number} failed after {worked} of work.
            </Trans>
          )}
        </p>
        <p className="mt-0.5 text-xs text-soft">
          <Trans>
            Code <code className="font-mono">failed</code>, <Time absolute at={Date.parse(failed.move.at)} />. The
            worker gave no reason.
          </Trans>
        </p>
      </div>
      <CopyButton text={details} label={t`Copy details`} />
    </section>
  );
}
