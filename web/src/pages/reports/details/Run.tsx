// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "#/i18n/format";
import { Elapsed } from "../Elapsed";
import { type Attempt, runOf } from "../model/attempts";

/** The duration of an attempt, and a progress bar without a value while it is processed. */
export function Run({ attempt, isLast }: { attempt: Attempt; isLast: boolean }) {
  const { t } = useLingui();
  const formats = useFormats();
  const run = runOf(attempt);
  if (run !== null) {
    const took = formats.duration(run);
    return (
      <span className="ml-auto text-sm text-soft tabular-nums">
        <Trans>took {took}</Trans>
      </span>
    );
  }
  const first = attempt.visits[0];
  const last = attempt.visits.at(-1);
  if (!first || !last || !isLast) {
    return null;
  }
  return (
    <span className="ml-auto text-sm text-soft">
      <span>
        <Trans>
          for <Elapsed since={first.move.at} />
        </Trans>
      </span>
      {last.move.status === "processing" && (
        // Without a value: workers report no progress.
        <progress aria-label={t`The report is being processed`} className="sr-only" />
      )}
    </span>
  );
}
