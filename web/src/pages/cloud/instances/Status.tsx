// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { Badge } from "#/ui/Badge";
import { useServerSecond } from "#/ui/ticker";
import { countdownOf } from "../store/countdown";
import { operationLabels, operationTones, stateLabels } from "../store/labels";
import type { Operation, OperationKind, RunState } from "../store/types";
import { useStale } from "./stale";

/** Filled while it runs, hollow while it is stopped: shown by shape as well as by colour. */
export function StateWord({ state }: { state: RunState }) {
  const { t } = useLingui();
  return (
    <span className="inline-flex items-center gap-2 font-medium whitespace-nowrap">
      <span
        data-dot
        className={
          state === "running"
            ? "size-3 rounded-full bg-ok"
            : "size-3 rounded-full border-[3px] border-ink bg-transparent"
        }
      />
      {t(stateLabels[state])}
    </span>
  );
}

export function OperationBadge({ kind }: { kind: OperationKind }) {
  const { t } = useLingui();
  return (
    <Badge tone={operationTones[kind]} icon={LoaderCircle} spinning>
      {t(operationLabels[kind])}
    </Badge>
  );
}

/** The remaining time of an operation, by the server's clock. */
export function Countdown({ operation }: { operation: Operation }) {
  const { t } = useLingui();
  const { secondsLeft, done, late } = countdownOf(operation, useServerSecond());
  // Without events the state of the operation is unknown.
  const outdated = useStale() ? t`should be done by now` : null;
  const text =
    secondsLeft > 0 ? t`${secondsLeft} s left` : (outdated ?? (late ? t`taking longer than usual` : t`any moment now`));
  return (
    <span className="inline-flex min-w-0 items-center justify-end gap-2 text-right text-2xs/tight text-soft tabular-nums">
      <span className="min-w-0">{text}</span>
      <Ring done={done} />
    </span>
  );
}

const radius = 7;
const around = 2 * Math.PI * radius;

function Ring({ done }: { done: number }) {
  return (
    <svg aria-hidden viewBox="0 0 18 18" className="size-4.5 shrink-0 -rotate-90">
      <circle cx="9" cy="9" r={radius} fill="none" strokeWidth="2.5" className="stroke-line" />
      <circle
        cx="9"
        cy="9"
        r={radius}
        fill="none"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={around}
        style={{ strokeDashoffset: around * (1 - done), transition: "stroke-dashoffset 1s linear" }}
        className="stroke-busy"
      />
    </svg>
  );
}
