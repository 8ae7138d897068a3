// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { createReport, dismissCreation } from "../store/commands";
import { useReports } from "../store/reports";

/** Why a report was not created, with a button to retry the same request. */
export function CreationError() {
  const errorWords = useErrorWords();
  const creation = useReports((store) => store.creation);
  if (creation.state !== "failed") {
    return null;
  }
  return (
    <div
      role="alert"
      className="mx-4 mb-3 flex flex-wrap items-center gap-2 rounded-control bg-bad-tint px-3 py-2 text-sm"
    >
      <p className="min-w-48 flex-1">
        <Trans>The new report was not confirmed. {errorWords(creation.failure.code)}</Trans>
      </p>
      <Button size="small" onClick={() => void createReport()}>
        <Trans>Try again</Trans>
      </Button>
      <Button size="small" kind="quiet" onClick={dismissCreation}>
        <Trans>Dismiss</Trans>
      </Button>
    </div>
  );
}
