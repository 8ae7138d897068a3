// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button } from "./Button";
import { held } from "./held";
import { stepped } from "./stepped";

/** For the outermost element of a row: of all rows the Tab key finds one, the arrows find the others. */
export interface RowProps {
  tabIndex: 0 | -1;
}

interface Props<Item> {
  /** Newest first. */
  items: readonly Item[];
  keyOf: (item: Item) => string;
  children: (item: Item, row: RowProps) => ReactNode;
  label: string;
  /** The usual height of a row, in px. */
  rowHeight: number;
  /** Nothing moves while it is true: what comes waits behind the button. */
  paused?: boolean;
  onResume?: () => void;
}

/**
 * A long list that grows at its top and scrolls with the page; only the rows in sight are in the document. A reader who is
 * further down is never moved: what comes waits behind a button that says how much it is.
 */
export function VirtualFeed<Item>({ items, keyOf, children, label, rowHeight, paused = false, onResume }: Props<Item>) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const [away, setAway] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const focusAt = useRef<string | null>(null);
  const [anchor, setAnchor] = useState<string | null>(null);
  const holding = paused || away;
  const newest = items[0];
  // Set while drawing, so that not even one frame shows what is to be held back.
  if (holding && anchor === null && newest !== undefined) {
    setAnchor(keyOf(newest));
  } else if (!holding && anchor !== null) {
    setAnchor(null);
  }
  const { shown, waiting } = held(items, keyOf, holding ? anchor : null);

  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    getItemKey: (at) => keyOf(shown[at] as Item),
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
    // What stands above the list may grow.
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

  // A row that is far away is drawn some frames after it was asked for.
  useLayoutEffect(() => {
    if (focusAt.current !== null && focusAt.current === active) {
      list.current?.querySelector<HTMLElement>("[data-active] > [tabindex]")?.focus({ preventScroll: true });
    }
  });
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>, at: number) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const to = stepped(event.key, at, shown.length);
    // A key in a button or a field of the row is theirs.
    if (to === null || modified || event.target !== event.currentTarget.firstElementChild) {
      return;
    }
    event.preventDefault();
    focusAt.current = keyOf(shown[to] as Item);
    setActive(focusAt.current);
    virtual.scrollToIndex(to);
  };

  const toNewest = () => {
    // First the rows, then the way to them: measuring new rows above the reader moves the scroll.
    flushSync(() => {
      setAway(false);
      onResume?.();
    });
    scroller()?.scrollTo({ top: Math.min(scroller()?.scrollTop ?? 0, top) });
  };

  const inSight = virtual.getVirtualItems();
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
            ref={virtual.measureElement}
            data-index={row.index}
            aria-posinset={row.index + 1}
            aria-setsize={shown.length}
            data-active={row.key === active || undefined}
            onFocus={() => {
              focusAt.current = null;
              setActive(String(row.key));
            }}
            onKeyDown={(event) => onKeyDown(event, row.index)}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${row.start - top}px)` }}
          >
            {children(shown[row.index] as Item, { tabIndex: row.key === stop ? 0 : -1 })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What scrolls is the shell's main part. */
function scroller(): HTMLElement | null {
  return document.getElementById("main");
}
