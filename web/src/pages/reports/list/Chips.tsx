// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { Tone } from "#/ui/Badge";
import { ChipGroup, type ChipProps } from "#/ui/Chip";
import { type Status, statuses } from "../model/status";
import { statusStyles } from "../texts/statusStyles";

const bars: Record<Tone, string> = {
  ok: "bg-ok",
  wait: "bg-wait",
  busy: "bg-busy",
  queue: "bg-queue",
  bad: "bg-bad",
  idle: "bg-edge",
};

interface Props {
  counts: Record<Status, number>;
  chosen: readonly Status[];
  onToggle: (status: Status) => void;
  onAll: () => void;
}

/** The number of reports in each state; each is a filter. */
export function Chips({ counts, chosen, onToggle, onAll }: Props) {
  const { t } = useLingui();
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const chips: ChipProps[] = [
    { key: "all", label: t`all`, count: all, on: chosen.length === 0, onPress: onAll },
    ...statuses.map((status) => ({
      key: status,
      label: t(statusStyles[status].label),
      icon: statusStyles[status].icon,
      count: counts[status],
      on: chosen.includes(status),
      onPress: () => onToggle(status),
    })),
  ];
  return (
    <div className="flex flex-col gap-2.5">
      <ChipGroup label={t`Show states`} chips={chips} />
      <div aria-hidden className="flex h-1 gap-px overflow-hidden rounded-full bg-sunken">
        {statuses.map(
          (status) =>
            counts[status] > 0 && (
              <span
                key={status}
                style={{ flexGrow: counts[status] }}
                className={clsx("min-w-1 transition-[flex-grow]", bars[statusStyles[status].tone])}
              />
            ),
        )}
      </div>
    </div>
  );
}
