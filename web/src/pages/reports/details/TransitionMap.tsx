// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useFormats } from "#/i18n/format";
import type { Tone } from "#/ui/Badge";
import { Elapsed } from "../Elapsed";
import { type Attempt, lengthOf } from "../model/attempts";
import { isFinal, type Status, statuses } from "../model/status";
import { type StateNode, type StateProgress, type Transition, transitionsOf } from "../model/transitions";
import { statusStyles } from "../texts/statusStyles";

/** The positions of the states: percent from the left; `below`: in the second line. */
const nodePositions: Record<Status, { x: number; below: boolean }> = {
  pending: { x: 12.5, below: false },
  queued: { x: 37.5, below: false },
  processing: { x: 62.5, below: false },
  completed: { x: 87.5, below: false },
  canceled: { x: 25, below: true },
  failed: { x: 75, below: true },
};

const rings: Record<Tone, string> = {
  ok: "border-ok bg-ok-tint text-ok ring-ok-tint",
  wait: "border-wait bg-wait-tint text-wait ring-wait-tint",
  busy: "border-busy bg-busy-tint text-busy ring-busy-tint",
  queue: "border-queue bg-queue-tint text-queue ring-queue-tint",
  bad: "border-bad bg-bad-tint text-bad ring-bad-tint",
  idle: "border-soft bg-sunken text-soft ring-sunken",
};

interface Props {
  attempt: Attempt;
  isLast: boolean;
}

/** An attempt's path through the states as a small diagram: passed, current and possible states. */
export function TransitionMap({ attempt, isLast }: Props) {
  const { t } = useLingui();
  const { nodes, transitions } = transitionsOf(attempt);
  return (
    <div className="relative h-42 rounded-control bg-sunken pt-2">
      <svg
        aria-hidden
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute top-16 left-0 h-14 w-full overflow-visible"
      >
        {transitions.toSorted(byDepth).map((track) => (
          <path
            key={`${track.from} ${track.to}`}
            d={pathOf(track)}
            fill="none"
            vectorEffect="non-scaling-stroke"
            className={clsx("transition-[stroke]", {
              "stroke-ink [stroke-width:2.5]": track.progress === "passed",
              "stroke-edge [stroke-dasharray:5_4] [stroke-width:1.5]": track.progress === "ahead",
              "stroke-line [stroke-width:1.5]": track.progress === "closed",
            })}
          />
        ))}
      </svg>
      <ol aria-label={t`Path through the states`}>
        {statuses.map((status) => (
          <Node key={status} node={nodes[status]} isLast={isLast} />
        ))}
      </ol>
    </div>
  );
}

function Node({ node: { status, progress, stay }, isLast }: { node: StateNode; isLast: boolean }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const { x, below } = nodePositions[status];
  const reaches: Record<StateProgress, string> = {
    passed: t`passed`,
    here: isLast ? t`it is here` : t`it ended here`,
    ahead: t`may still come`,
    closed: t`not on this path`,
  };
  const runs = progress === "here" && isLast && !isFinal(status);
  const length = stay && progress === "passed" ? lengthOf(stay) : null;
  return (
    <li
      aria-current={progress === "here" ? "step" : undefined}
      style={{ left: `${x}%` }}
      className={clsx(
        "absolute flex w-1/4 -translate-x-1/2 items-center text-center",
        below ? "top-26 flex-col" : "top-2 flex-col-reverse",
      )}
    >
      <NodeIcon status={status} progress={progress} />
      <span
        className={clsx(
          "flex h-10 w-full flex-col px-0.5 text-2xs/4 max-sm:text-[0.6875rem]/4",
          !below && "justify-end",
        )}
      >
        <span className={progress === "here" ? "font-semibold" : progress === "passed" ? "text-ink" : "text-soft"}>
          {i18n._(statusStyles[status].label)}
          <span className="sr-only">: {reaches[progress]}</span>
        </span>
        <span className="text-soft tabular-nums">
          {runs && stay ? <Elapsed since={stay.move.at} /> : length !== null && formats.duration(length)}
        </span>
      </span>
    </li>
  );
}

function NodeIcon({ status, progress }: { status: Status; progress: StateProgress }) {
  const { icon: Icon, tone } = statusStyles[status];
  const isSpinning = progress === "here" && status === "processing";
  const Shown = progress === "passed" ? Check : Icon;
  return (
    <span aria-hidden className="flex size-8 shrink-0 items-center justify-center">
      <span
        className={clsx("flex items-center justify-center rounded-full transition-colors", {
          "size-6 bg-ink text-ground": progress === "passed",
          [`size-8 border-2 ring-4 ${rings[tone]}`]: progress === "here",
          "size-6 border-[1.5px] border-dashed border-edge bg-surface text-soft": progress === "ahead",
          "size-6 border border-line bg-sunken text-edge": progress === "closed",
        })}
      >
        <Shown className={clsx(progress === "here" ? "size-4" : "size-3.5", isSpinning && "animate-spin-slow")} />
      </span>
    </span>
  );
}

// Passed transitions are drawn last, over the rest.
const depths: Record<Transition["progress"], number> = { closed: 0, ahead: 1, passed: 2 };
const byDepth = (a: Transition, b: Transition) => depths[a.progress] - depths[b.progress];

function pathOf({ from, to }: Transition): string {
  const start = nodePositions[from];
  const end = nodePositions[to];
  return end.below ? `M${start.x} 0 C${start.x} 60 ${end.x} 40 ${end.x} 100` : `M${start.x} 0 H${end.x}`;
}
