// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { rowsToPrint, useIsPrinting } from "#/ui/printing";
import type { Rows } from "../model/arrange";
import { Row } from "./Row";

const rowHeight = 56;

interface Props {
  rows: Rows;
  active: string | null;
  open: string | null;
  /** Incremented to focus the active row. */
  focusCall: number;
  onActive: (id: string) => void;
  onStep: (step: Step) => void;
  onScrolled: (isScrolled: boolean) => void;
  /** Incremented to scroll to the top. */
  topCall: number;
}

export type Step = "next" | "previous" | "first" | "last";

const steps: Record<string, Step> = { ArrowDown: "next", ArrowUp: "previous", Home: "first", End: "last" };

/** The rows; only visible ones are in the document. Tab goes to one of them, the arrow keys to the others. */
export function Table({ rows, active, open, focusCall, onActive, onStep, onScrolled, topCall }: Props) {
  const { t } = useLingui();
  const frame = useRef<HTMLDivElement>(null);
  const activeIndex = active === null ? -1 : rows.ids.indexOf(active);
  const tabbed = Math.max(0, activeIndex);
  const printing = useIsPrinting();
  const virtual = useVirtualizer({
    count: rows.ids.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => rows.ids[index] ?? index,
    // The active row is always rendered, so that scrolling does not lose the focus.
    rangeExtractor: (range: Range) => withIndex(defaultRangeExtractor(range), tabbed, rows.ids.length),
  });

  useEffect(() => {
    if (topCall > 0) {
      frame.current?.scrollTo({ top: 0 });
    }
  }, [topCall]);

  useEffect(() => {
    if (focusCall > 0) {
      const row = frame.current?.querySelector<HTMLElement>("a[tabindex='0']");
      row?.focus({ preventScroll: true });
      row?.closest("li")?.scrollIntoView({ block: "nearest" });
    }
  }, [focusCall]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      onStep(step);
    }
  };

  return (
    <div
      ref={frame}
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > 0)}
      className="min-h-0 flex-1 overflow-y-auto border-t border-line"
    >
      <ul
        aria-label={t`Reports`}
        onKeyDown={onKeyDown}
        className="@container relative"
        style={{ height: `${virtual.getTotalSize()}px` }}
      >
        {(printing ? rowsToPrint(virtual) : virtual.getVirtualItems()).map((item) => {
          const id = rows.ids[item.index] ?? "";
          return (
            <li
              key={item.key}
              aria-setsize={rows.ids.length}
              aria-posinset={item.index + 1}
              data-report={id}
              className="absolute inset-x-0 top-0"
              style={{ height: `${item.size}px`, transform: `translateY(${item.start}px)` }}
            >
              <Row id={id} isActive={item.index === tabbed} isOpen={id === open} onFocus={() => onActive(id)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function withIndex(range: number[], index: number, count: number): number[] {
  return index >= count || range.includes(index) ? range : [...range, index].sort((a, b) => a - b);
}
