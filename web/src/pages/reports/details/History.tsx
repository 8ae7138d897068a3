// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowRight } from "lucide-react";
import { useId } from "react";
import { useFormats } from "#/i18n/format";
import { ShortId } from "#/ui/ShortId";
import { Time } from "#/ui/Time";
import { Elapsed } from "../Elapsed";
import { type Attempt, lengthOf, type StateVisit } from "../model/attempts";
import type { Move } from "../model/report";
import { isFinal } from "../model/status";
import { StatusBadge } from "../StatusBadge";
import { statusStyles } from "../texts/statusStyles";

interface Props {
  user: string;
  attempt: Attempt;
  isLast: boolean;
}

/** Every move of an attempt: time, states, actor, and how long the report stayed there. */
export function History({ user, attempt, isLast }: Props) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className="mb-1 text-sm font-semibold">
        <Trans>History</Trans>
      </h3>
      <ol aria-labelledby={heading} className="divide-y divide-line">
        {attempt.visits.map((stay, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the history only grows at its end
          <li key={i} className="py-2.5">
            {stay ? (
              <Entry user={user} stay={stay} isNow={isLast && i === attempt.visits.length - 1} />
            ) : (
              <span className="text-xs text-soft">
                <Trans>A transition that is not known yet</Trans>
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Entry({ user, stay, isNow }: { user: string; stay: StateVisit; isNow: boolean }) {
  const { i18n } = useLingui();
  const { move, from } = stay;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="flex flex-wrap items-center gap-1.5 text-xs">
          {from && (
            <>
              <span className="text-soft">{i18n._(statusStyles[from].label)}</span>
              <ArrowRight aria-hidden className="size-3.5 text-soft" />
            </>
          )}
          <StatusBadge status={move.status} />
        </span>
        <Time absolute at={Date.parse(move.at)} className="text-2xs text-soft" />
      </div>
      <div className="flex flex-wrap justify-between gap-x-3 gap-y-0.5 text-2xs text-soft">
        <By user={user} move={move} />
        <Stayed stay={stay} isNow={isNow} />
      </div>
    </div>
  );
}

function By({ user, move: { by, via } }: { user: string; move: Move }) {
  const door = { api: "API", v4: "/v4", kafka: "Kafka" }[via] ?? via;
  if (by === via) {
    return (
      <span>
        <Trans>via {door}</Trans>
      </span>
    );
  }
  return (
    <span className="flex min-w-0 flex-wrap gap-x-1">
      {by === user ? (
        <Trans>by you, via {door}</Trans>
      ) : (
        <Trans>
          by <ShortId id={by} />, via {door}
        </Trans>
      )}
    </span>
  );
}

function Stayed({ stay, isNow }: { stay: StateVisit; isNow: boolean }) {
  const formats = useFormats();
  if (isNow) {
    return isFinal(stay.move.status) ? null : (
      <span>
        <Trans>
          there for <Elapsed since={stay.move.at} />
        </Trans>
      </span>
    );
  }
  const length = lengthOf(stay);
  if (length === null) {
    return null;
  }
  const shown = formats.duration(length);
  return (
    <span className="tabular-nums">
      <Trans>stayed {shown}</Trans>
    </span>
  );
}
