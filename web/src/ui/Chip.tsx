// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import { useFormats } from "#/i18n/format";

export interface ChipProps {
  key: string;
  label: string;
  icon?: LucideIcon;
  /** How many items match it. */
  count?: number;
  on: boolean;
  onPress: () => void;
}

/** Toggle buttons for filters; on a narrow screen in one line that scrolls sideways. */
export function ChipGroup({ label, chips }: { label: string; chips: readonly ChipProps[] }) {
  const formats = useFormats();
  return (
    <div
      role="group"
      aria-label={label}
      className="flex gap-1.5 max-sm:-mx-3 max-sm:scroll-px-3 max-sm:overflow-x-auto max-sm:px-3 max-sm:[scrollbar-width:none] sm:flex-wrap"
    >
      {chips.map(({ key, label, icon: Icon, count, on, onPress }) => (
        <button
          key={key}
          type="button"
          aria-pressed={on}
          onClick={onPress}
          className={clsx(
            "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium whitespace-nowrap pointer-coarse:h-11 pointer-coarse:px-3.5",
            on ? "border-accent bg-accent-tint text-ink" : "border-line text-soft hover:bg-hover hover:text-ink",
          )}
        >
          {Icon && <Icon aria-hidden className="size-3.5" />}
          {label}
          {count !== undefined && <span className="tabular-nums text-soft">{formats.count(count)}</span>}
        </button>
      ))}
    </div>
  );
}
