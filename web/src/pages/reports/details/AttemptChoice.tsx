// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import type { Attempt } from "../model/attempts";
import { statusStyles } from "../texts/statusStyles";

interface Props {
  attempts: readonly Attempt[];
  chosen: Attempt;
  onChoose: (number: number | null) => void;
}

/** Selects the attempt. The last one stays selected while new ones come, until the user selects another. */
export function AttemptChoice({ attempts, chosen, onChoose }: Props) {
  const { t, i18n } = useLingui();
  const last = attempts.at(-1);
  if (attempts.length === 1) {
    return (
      <span className="text-sm">
        <Trans>Attempt {chosen.number}</Trans>
      </span>
    );
  }
  return (
    <select
      aria-label={t`Attempt`}
      value={chosen.number}
      onChange={(event) => {
        const number = Number(event.target.value);
        onChoose(number === last?.number ? null : number);
      }}
      className="h-8 min-w-0 rounded-control border border-edge bg-surface px-2 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
    >
      {attempts.toReversed().map((attempt) => {
        const end = attempt.visits.at(-1)?.move.status;
        const word = end && i18n._(statusStyles[end].label);
        return (
          <option key={attempt.number} value={attempt.number}>
            {attempt === last || !word ? t`Attempt ${attempt.number}` : t`Attempt ${attempt.number}: ${word}`}
          </option>
        );
      })}
    </select>
  );
}
