// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { type Key, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button } from "./Button";
import type { FeedItems } from "./feedItems";
import { countHeldBack } from "./holdBack";
import { rowsToPrint, useIsPrinting } from "./printing";
import { rovingIndex } from "./rovingIndex";

/** For the outermost element of a row: Tab goes to one row (roving tabindex), the arrow keys to the others. */
export interface RowProps {
  tabIndex: 0 | -1;
}

interface Props<Item> {
  items: FeedItems<Item>;
  children: (item: Item, row: RowProps) => ReactNode;
  label: string;
  /** The usual height of a row, in px. */
  rowHeight: number;
  /** While true new items are held back behind the button. */
  paused?: boolean;
  onResume?: () => void;
}

/**
 * A long list that grows at its top and scrolls with the page; only visible rows are in the document. While it is scrolled down
 * the visible rows do not move: new items are held back behind a button that shows their number.
 */
export function VirtualFeed<Item>({ items, children, label, rowHeight, paused = false, onResume }: Props<Item>) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const [away, setAway] = useState(false);
  const [active, setActive] = useState<Key | null>(null);
  const focusAt = useRef<Key | null>(null);
  const [anchor, setAnchor] = useState<Key | null>(null);
  const holding = paused || away;
  // Set during rendering, so that not even one frame shows items that are to be held back.
  if (holding && anchor === null && items.length > 0) {
    setAnchor(items.keyAt(0));
  } else if (!holding && anchor !== null) {
    setAnchor(null);
  }
  const waiting = countHeldBack(items, holding ? anchor : null);
  const count = items.length - waiting;

  const printing = useIsPrinting();
  const virtual = useVirtualizer({
    count,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    getItemKey: (at) => items.keyAt(at + waiting),
    scrollMargin: top,
    overscan: 8,
  });

  useLayoutEffect(() => {
    const measure = () => {
      const [main, ours] = [scroller(), list.current];
      if (main && ours) {
        setTop(Math.round(ours.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop));
      }
    };
    measure();
    // The content above the list may grow.
    const observer = new ResizeObserver(measure);
    const page = list.current?.closest("#main > *");
    if (page) {
      observer.observe(page);
    }
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const main = scroller();
    const watch = () => setAway((main?.scrollTop ?? 0) > top + 8);
    main?.addEventListener("scroll", watch, { passive: true });
    return () => main?.removeEventListener("scroll", watch);
  }, [top]);

  // A distant row is rendered some frames after the scroll.
  useLayoutEffect(() => {
    if (focusAt.current !== null && focusAt.current === active) {
      list.current?.querySelector<HTMLElement>("[data-active] > [tabindex]")?.focus({ preventScroll: true });
    }
  });
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>, at: number) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const to = rovingIndex(event.key, at, count);
    // A key in a button or a field of the row belongs to that.
    if (to === null || modified || event.target !== event.currentTarget.firstElementChild) {
      return;
    }
    event.preventDefault();
    focusAt.current = items.keyAt(to + waiting);
    setActive(focusAt.current);
    virtual.scrollToIndex(to);
  };

  const toNewest = () => {
    // Render first, scroll then: measuring new rows above the viewport changes the scroll position.
    flushSync(() => {
      setAway(false);
      onResume?.();
    });
    scroller()?.scrollTo({ top: Math.min(scroller()?.scrollTop ?? 0, top) });
  };

  const inSight = printing ? rowsToPrint(virtual) : virtual.getVirtualItems();
  const stop = inSight.some(({ key }) => key === active) ? active : inSight[0]?.key;
  return (
    <div className="relative">
      {waiting > 0 && (
        <div className="pointer-events-none sticky top-2 z-10 -mb-7 flex h-7 justify-center pointer-coarse:-mb-11 pointer-coarse:h-11">
          <Button size="small" kind="primary" className="pointer-events-auto rounded-full shadow-sm" onClick={toNewest}>
            <ArrowUp className="size-3.5" aria-hidden />
            {t`${waiting} new`}
          </Button>
        </div>
      )}
      <ul
        ref={list}
        aria-label={label}
        className="relative"
        style={{ height: virtual.getTotalSize(), overflowAnchor: "none" }}
      >
        {inSight.map((row) => (
          <li
            key={row.key}
            ref={printing ? undefined : virtual.measureElement}
            data-index={row.index}
            aria-posinset={row.index + 1}
            aria-setsize={count}
            data-active={row.key === active || undefined}
            onFocus={() => {
              focusAt.current = null;
              setActive(row.key);
            }}
            onKeyDown={(event) => onKeyDown(event, row.index)}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${row.start - top}px)` }}
          >
            {children(items.at(row.index + waiting) as Item, { tabIndex: row.key === stop ? 0 : -1 })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The scroll container is the shell's main part. */
function scroller(): HTMLElement | null {
  return document.getElementById("main");
}
