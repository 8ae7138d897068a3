// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import { useReports } from "../store/reports";

/** Shown when a move requested here was not confirmed by the server. */
export function NotConfirmed({ id }: { id: string }) {
  const errorWords = useErrorWords();
  const failure = useReports((store) => store.pendingMoves.get(id)?.failure);
  if (!failure) {
    return null;
  }
  return (
    <p role="status" className="-mt-3 text-sm text-bad">
      <Trans>
        Not confirmed. {errorWords(failure.code)} The report is shown in its last known state; retrying is safe.
      </Trans>
    </p>
  );
}
