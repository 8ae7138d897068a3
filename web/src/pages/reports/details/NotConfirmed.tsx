// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import { useReports } from "../store/reports";

/** What became of a move that was asked for here, where the server has not said so. */
export function NotConfirmed({ id }: { id: string }) {
  const errorWords = useErrorWords();
  const failure = useReports((store) => store.asked.get(id)?.failure);
  if (!failure) {
    return null;
  }
  return (
    <p role="status" className="-mt-3 text-sm text-bad">
      <Trans>
        Not confirmed. {errorWords(failure.code)} The report is shown as the server last told it; to try again does no
        harm.
      </Trans>
    </p>
  );
}
