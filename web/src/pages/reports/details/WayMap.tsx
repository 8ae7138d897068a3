// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useFormats } from "#/i18n/format";
import type { Tone } from "#/ui/Badge";
import { Elapsed } from "../Elapsed";
import { type Attempt, lengthOf } from "../model/attempts";
import { isSettled, type Status, statuses } from "../model/status";
import { type Reach, type Station, type Track, wayOf } from "../model/way";
import { looks } from "../texts/looks";

/** Where the stations stand: percent from the left; those of the second line branch off below. */
const places: Record<Status, { x: number; below: boolean }> = {
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

/** An attempt's way through the states as a small map: what was passed, where it is, what may still come. */
export function WayMap({ attempt, isLast }: Props) {
  const { t } = useLingui();
  const { stations, tracks } = wayOf(attempt);
  return (
    <div className="relative h-42 rounded-control bg-sunken pt-2">
      <svg
        aria-hidden
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute top-16 left-0 h-14 w-full overflow-visible"
      >
        {tracks.toSorted(byReach).map((track) => (
          <path
            key={`${track.from} ${track.to}`}
            d={pathOf(track)}
            fill="none"
            vectorEffect="non-scaling-stroke"
            className={clsx("transition-[stroke]", {
              "stroke-ink [stroke-width:2.5]": track.reach === "passed",
              "stroke-edge [stroke-dasharray:5_4] [stroke-width:1.5]": track.reach === "ahead",
              "stroke-line [stroke-width:1.5]": track.reach === "closed",
            })}
          />
        ))}
      </svg>
      <ol aria-label={t`Way through the states`}>
        {statuses.map((status) => (
          <Stop key={status} station={stations[status]} isLast={isLast} />
        ))}
      </ol>
    </div>
  );
}

function Stop({ station: { status, reach, stay }, isLast }: { station: Station; isLast: boolean }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const { x, below } = places[status];
  const reaches: Record<Reach, string> = {
    passed: t`passed`,
    here: isLast ? t`it is here` : t`it ended here`,
    ahead: t`may still come`,
    closed: t`not on this way`,
  };
  const runs = reach === "here" && isLast && !isSettled(status);
  const length = stay && reach === "passed" ? lengthOf(stay) : null;
  return (
    <li
      aria-current={reach === "here" ? "step" : undefined}
      style={{ left: `${x}%` }}
      className={clsx(
        "absolute flex w-1/4 -translate-x-1/2 items-center text-center",
        below ? "top-26 flex-col" : "top-2 flex-col-reverse",
      )}
    >
      <Node status={status} reach={reach} />
      <span
        className={clsx(
          "flex h-10 w-full flex-col px-0.5 text-2xs/4 max-sm:text-[0.6875rem]/4",
          !below && "justify-end",
        )}
      >
        <span className={reach === "here" ? "font-semibold" : reach === "passed" ? "text-ink" : "text-soft"}>
          {i18n._(looks[status].word)}
          <span className="sr-only">: {reaches[reach]}</span>
        </span>
        <span className="text-soft tabular-nums">
          {runs && stay ? <Elapsed since={stay.move.at} /> : length !== null && formats.duration(length)}
        </span>
      </span>
    </li>
  );
}

function Node({ status, reach }: { status: Status; reach: Reach }) {
  const { icon: Icon, tone } = looks[status];
  const isSpinning = reach === "here" && status === "processing";
  const Shown = reach === "passed" ? Check : Icon;
  return (
    <span aria-hidden className="flex size-8 shrink-0 items-center justify-center">
      <span
        className={clsx("flex items-center justify-center rounded-full transition-colors", {
          "size-6 bg-ink text-ground": reach === "passed",
          [`size-8 border-2 ring-4 ${rings[tone]}`]: reach === "here",
          "size-6 border-[1.5px] border-dashed border-edge bg-surface text-soft": reach === "ahead",
          "size-6 border border-line bg-sunken text-edge": reach === "closed",
        })}
      >
        <Shown className={clsx(reach === "here" ? "size-4" : "size-3.5", isSpinning && "animate-spin-slow")} />
      </span>
    </span>
  );
}

// What was travelled is drawn last, over the rest.
const depths: Record<Track["reach"], number> = { closed: 0, ahead: 1, passed: 2 };
const byReach = (a: Track, b: Track) => depths[a.reach] - depths[b.reach];

function pathOf({ from, to }: Track): string {
  const start = places[from];
  const end = places[to];
  return end.below ? `M${start.x} 0 C${start.x} 60 ${end.x} 40 ${end.x} 100` : `M${start.x} 0 H${end.x}`;
}
