// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useFormats } from "#/i18n/format";
import type { Tone } from "#/ui/Badge";
import { type Status, statuses } from "../model/status";
import { looks } from "../texts/looks";

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

/** How many reports are in which state; each is a filter. */
export function Chips({ counts, chosen, onToggle, onAll }: Props) {
  const { t } = useLingui();
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="flex flex-col gap-2.5">
      <div
        role="group"
        aria-label={t`Show states`}
        className="-mx-4 flex gap-1.5 overflow-x-auto px-4 [scrollbar-width:none] sm:flex-wrap"
      >
        <Chip count={all} on={chosen.length === 0} onPress={onAll}>
          <Trans>all</Trans>
        </Chip>
        {statuses.map((status) => (
          <StatusChip
            key={status}
            status={status}
            count={counts[status]}
            on={chosen.includes(status)}
            onPress={() => onToggle(status)}
          />
        ))}
      </div>
      <div aria-hidden className="flex h-1 gap-px overflow-hidden rounded-full bg-sunken">
        {statuses.map(
          (status) =>
            counts[status] > 0 && (
              <span
                key={status}
                style={{ flexGrow: counts[status] }}
                className={clsx("min-w-1 transition-[flex-grow]", bars[looks[status].tone])}
              />
            ),
        )}
      </div>
    </div>
  );
}

function StatusChip({ status, ...rest }: { status: Status; count: number; on: boolean; onPress: () => void }) {
  const { i18n } = useLingui();
  const { icon: Icon, word } = looks[status];
  return (
    <Chip {...rest}>
      <Icon aria-hidden className="size-3.5" />
      {i18n._(word)}
    </Chip>
  );
}

interface ChipProps {
  count: number;
  on: boolean;
  onPress: () => void;
  children: React.ReactNode;
}

function Chip({ count, on, onPress, children }: ChipProps) {
  const formats = useFormats();
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onPress}
      className={clsx(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-2xs font-medium pointer-coarse:h-11",
        on ? "border-ink bg-ink text-ground" : "border-line text-soft hover:bg-hover hover:text-ink",
      )}
    >
      {children}
      <span className={clsx("tabular-nums", on ? "opacity-80" : "text-ink")}>{formats.number.format(count)}</span>
    </button>
  );
}
