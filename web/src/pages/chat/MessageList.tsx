// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { Button } from "#/ui/Button";
import { rowsToPrint, useIsPrinting } from "#/ui/printing";
import { Skeleton } from "#/ui/Skeleton";
import type { ListHandle } from "./Composer";
import { chat, useChat } from "./chat";
import { endThreshold, type List, scrollToRow, useFollowEnd } from "./followEnd";
import { DayLabel, MessageRow } from "./MessageRow";
import type { Row } from "./rows";

/** Height of the space above the oldest message, in px. */
const topRoom = 64;
/** Older messages are requested this many rows before the user reaches them. */
const loadAhead = 12;

/**
 * The messages. The list follows the newest one only while that is in view; history inserted above does not move the visible
 * rows (the virtualizer anchors them by their key).
 */
export function MessageList({ rows, ref }: { rows: readonly Row[]; ref: Ref<ListHandle> }) {
  "use no memo"; // The virtualizer is one object that changes inside.
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const more = useChat((state) => state.room.more);
  // Without a connection, or while a page is being loaded, a request would be ignored: it is repeated afterwards.
  const mayLoad = useChat((state) => state.connected && !state.loadingOlder);
  const printing = useIsPrinting();
  const list: List = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    overscan: 8,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    paddingStart: topRoom,
    paddingEnd: 8,
  });
  const filled = rows.length > 0;
  const firstNew = rows.findIndex((row) => row.firstNew);
  const { watching, following, update } = useFollowEnd(list, rows, firstNew);

  useImperativeHandle(ref, () => ({
    scrollToEnd: () => list.scrollToEnd(),
    scrollPage: (direction) => list.scrollBy(direction * (list.scrollRect?.height ?? 0) * 0.9),
  }));

  useEffect(() => chat.session.setWatching(watching), [watching]);
  useEffect(() => () => chat.session.setWatching(false), []);

  const firstShown = list.range?.startIndex ?? rows.length;
  useEffect(() => {
    if (firstShown < loadAhead && more && mayLoad) {
      chat.session.loadOlder();
    }
  }, [firstShown, more, mayLoad]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      focusRow(list, step);
    } else if (event.key === "Escape" || event.key === "End") {
      list.scrollToEnd();
      chat.session.markAllSeen();
    }
  };

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <DateOnTop list={list} rows={rows} />
      <div
        ref={scroller}
        // A log, but no live region: rows come and go with scrolling. New messages are announced.
        role="log"
        aria-live="off"
        aria-label={t`Messages`}
        aria-busy={more && firstShown < loadAhead}
        tabIndex={0}
        data-region
        onScroll={update}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain rounded-t-card [overflow-anchor:none]"
      >
        <div className="relative" style={{ height: list.getTotalSize() }}>
          <Top more={more} />
          {(printing ? rowsToPrint(list) : list.getVirtualItems()).map((item) => {
            const row = rows[item.index];
            return row ? (
              <div
                key={item.key}
                ref={printing ? undefined : list.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <MessageRow row={row} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {!following && filled && <ToNewest list={list} firstNew={firstNew} />}
    </div>
  );
}

/** Above the oldest message; equally high in both cases, so that nothing moves. */
function Top({ more }: { more: boolean }) {
  return (
    <div className="flex items-center justify-center px-4 text-2xs text-soft" style={{ height: topRoom }}>
      {more ? <Skeleton className="h-8 w-2/3" /> : <Trans>This is the beginning of the chat.</Trans>}
    </div>
  );
}

/** The day of the topmost row while scrolling, unless its own label is in view. */
function DateOnTop({ list, rows }: { list: List; rows: readonly Row[] }) {
  "use no memo";
  const offset = list.scrollOffset ?? 0;
  const item = list.getVirtualItemForOffset(offset);
  const row = item && rows[item.index];
  if (!item || !row || offset <= (row.newDay ? item.start : topRoom)) {
    return null;
  }
  return (
    <div
      aria-hidden
      className={clsx(
        "pointer-events-none absolute inset-x-0 top-2 z-10 transition-opacity",
        !list.isScrolling && "opacity-0 delay-700",
      )}
    >
      <DayLabel at={row.at} />
    </div>
  );
}

function ToNewest({ list, firstNew }: { list: List; firstNew: number }) {
  "use no memo";
  const { t } = useLingui();
  const unread = useChat((state) => state.reading.unread);
  const go = () => {
    // First to the new messages; from there, or when there are none, to the end.
    const line = firstNew < 0 ? undefined : list.getOffsetForIndex(firstNew, "start")?.[0];
    scrollToRow(list, line !== undefined && line > (list.scrollOffset ?? 0) + 1 ? firstNew : -1);
  };
  return (
    <Button
      size="small"
      kind={unread > 0 ? "primary" : "plain"}
      onClick={go}
      className="absolute bottom-2 left-1/2 z-10 -translate-x-1/2 rounded-full"
    >
      <ArrowDown aria-hidden className="size-3.5" />
      {unread > 0 ? t`${plural(unread, { one: "# new message", other: "# new messages" })}` : t`To the newest`}
    </Button>
  );
}

/** Moves the focus from message to message; from outside it goes to the last one in view. */
function focusRow(list: List, step: number): void {
  const here = document.activeElement?.closest<HTMLElement>("[data-index]")?.dataset.index;
  const last = list.options.count - 1;
  const index = here === undefined ? (list.range?.endIndex ?? last) : Number(here) + step;
  if (index < 0 || index > last) {
    return;
  }
  list.scrollToIndex(index, { align: "auto" });
  requestAnimationFrame(() => {
    list.scrollElement?.querySelector<HTMLElement>(`[data-index="${index}"] article`)?.focus({ preventScroll: true });
  });
}

/** The estimated height of a row, until it is measured. */
function estimate(row: Row | undefined): number {
  const lines = row ? Math.ceil(row.text.length / 70) + row.text.split("\n").length - 1 : 1;
  return 16 + 22 * lines + (row?.head ? 30 : 0) + (row?.newDay ? 38 : 0);
}
