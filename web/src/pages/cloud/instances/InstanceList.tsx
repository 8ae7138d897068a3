// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef } from "react";
import { remInPx, useMedia } from "#/ui/media";
import { rowsToPrint, useIsPrinting } from "#/ui/printing";
import { useCloud } from "../store/cloud";
import { createdHere } from "../store/commands";
import { InstanceCard } from "./InstanceCard";
import { useActiveRow, useReveal } from "./rows";

interface Props {
  ids: readonly string[];
  open: string | null;
  onOpen: (id: string) => void;
  /** Selects it, or with `range` all from the last one to it. */
  onSelect: (id: string, range: boolean) => void;
}

/** A card's height with its gap, in rem: all cards have the same height, so that nothing moves while scrolling. */
const cardHeight = 8.25;
const touchCardHeight = 9.25;

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  KeyJ: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  KeyK: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
};

/** The cards; only visible ones are in the document. One of them takes the focus, arrow keys lead to the others. */
export function InstanceList({ ids, open, onOpen, onSelect }: Props) {
  "use no memo"; // The virtualizer is mutable; the compiler would memoize its first result.
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const active = useActiveRow(ids, scroller);
  const rowHeight = remInPx() * (useMedia("(pointer: coarse)") ? touchCardHeight : cardHeight);

  // The virtualizer processes every row again when this function changes.
  const getItemKey = useCallback((at: number) => ids[at] ?? at, [ids]);
  const printing = useIsPrinting();
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    // The active row stays in the document, so that it keeps the focus when it is scrolled away.
    rangeExtractor: (range) => withRow(defaultRangeExtractor(range), active.index, ids.length),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer caches sizes until `measure`
  useLayoutEffect(() => virtual.measure(), [rowHeight]);
  const show = (at: number) => virtual.scrollToIndex(at, { align: "auto" });
  useReveal(open, ids, show);
  useReveal(
    useCloud((store) => createdHere(store.commands)),
    ids,
    show,
  );

  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const onRow = event.target instanceof HTMLLIElement;
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.code];
    if (step && !(event.target instanceof HTMLInputElement && event.code.startsWith("Key"))) {
      const next = step(active.index, ids.length - 1);
      virtual.scrollToIndex(next, { align: "auto" });
      active.focus(next);
    } else if (onRow && event.code === "Enter") {
      onOpen(active.id);
    } else if (onRow && event.code === "Space") {
      onSelect(active.id, event.shiftKey);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 scroll-py-2 overflow-y-auto px-3 contain-strict">
      <ul
        aria-label={t`Instances`}
        onKeyDown={onKeyDown}
        onBlur={(event) => event.relatedTarget && active.unmark()}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {(printing ? rowsToPrint(virtual) : virtual.getVirtualItems()).map(({ index, key, start }) => {
          const id = ids[index] ?? "";
          return (
            <li
              key={key}
              data-instance={id}
              tabIndex={index === active.index ? 0 : -1}
              aria-current={id === open || undefined}
              aria-posinset={index + 1}
              aria-setsize={ids.length}
              onFocus={() => active.mark(index)}
              className="absolute inset-x-0 top-0 rounded-card pb-3"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            >
              <InstanceCard
                id={id}
                open={id === open}
                active={index === active.index}
                onOpen={onOpen}
                onSelect={onSelect}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function withRow(indexes: number[], index: number, count: number): number[] {
  return indexes.includes(index) || index >= count ? indexes : [...indexes, index].sort((a, b) => a - b);
}
