// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useCallback, useEffect, useRef } from "react";
import { Button } from "#/ui/Button";
import { remInPx, useMedia } from "#/ui/media";
import { rowsToPrint, useIsPrinting } from "#/ui/printing";
import { setFollowing, toggleFollowing, useCloud } from "../store/cloud";
import { useActiveLine } from "./activeLine";
import { LogLine } from "./LogLine";
import { countSince, instanceOf, isError, keyOf, type Line } from "./lines";

interface Props {
  lines: readonly Line[];
  search: string;
  /** The instance whose lines are highlighted; null: none. */
  highlighted: string | null;
  onInstance: (id: string) => void;
  /** The user is near the first loaded line. */
  onStart: () => void;
}

/** The height of a line, in rem. */
const lineHeight = 4.125;
/** Within this distance of the end, in px, the list follows. */
const nearEnd = 48;
const nearStart = 300;

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
};

/** The lines, the newest last; only visible ones are in the document. The list follows while its end is visible. */
export function LogList({ lines, search, highlighted, onInstance, onStart }: Props) {
  "use no memo"; // The virtualizer is mutable; the compiler would memoize its first result.
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const pausedAt = useCloud((store) => store.pausedAt);
  const following = pausedAt === null;
  // On a wide screen only failed lines may be higher than the usual height.
  const wraps = useMedia("(width < 40rem)");
  const usual = lineHeight * remInPx();
  const waiting = countSince(lines, pausedAt);
  const active = useActiveLine(lines, scroller);

  // The virtualizer processes every line again when this function changes.
  const getItemKey = useCallback((at: number) => keyOf(lines[at] as Line), [lines]);
  const printing = useIsPrinting();
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => usual,
    getItemKey,
    anchorTo: "end",
    followOnAppend: following,
    scrollEndThreshold: nearEnd,
    paddingEnd: 8,
    // The line that Tab goes to stays in the document, so that it keeps the focus when it is scrolled away.
    rangeExtractor: (range) => withLine(defaultRangeExtractor(range), active.index),
    overscan: 10,
  });
  const height = virtual.scrollRect?.height;
  // biome-ignore lint/correctness/useExhaustiveDependencies: at the start, when it is to follow again, and in another size
  useEffect(() => {
    if (following) {
      virtual.scrollToEnd();
    }
  }, [following, lines.length > 0, height]);

  const onScroll = () => {
    const at = scroller.current;
    if (!at) {
      return;
    }
    const atEnd = at.scrollHeight - at.scrollTop - at.clientHeight <= nearEnd;
    // New lines only lengthen the list: it was the user who scrolled up.
    if (!atEnd && at.scrollTop < lastTop.current) {
      setFollowing(false);
    } else if (atEnd && at.scrollTop > lastTop.current) {
      setFollowing(true);
    }
    lastTop.current = at.scrollTop;
    if (at.scrollTop < nearStart) {
      onStart();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.code];
    const onLine = event.target instanceof HTMLLIElement;
    const id = instanceOf(lines[active.index] as Line);
    if (event.code === "Space" && !(event.target instanceof HTMLButtonElement)) {
      toggleFollowing();
    } else if (onLine && step) {
      const next = step(active.index, lines.length - 1);
      virtual.scrollToIndex(next, { align: "auto" });
      active.focus(next);
    } else if (onLine && event.code === "Enter" && id !== null) {
      onInstance(id);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t`Worklog`}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto contain-strict [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {(printing ? rowsToPrint(virtual) : virtual.getVirtualItems()).map(({ index, key, start }) => {
            const line = lines[index] as Line;
            return (
              <li
                key={key}
                ref={!printing && (wraps || isError(line)) ? virtual.measureElement : undefined}
                data-index={index}
                data-line={key}
                tabIndex={index === active.index ? 0 : -1}
                onFocus={() => active.mark(index)}
                aria-posinset={index + 1}
                aria-setsize={lines.length}
                className="absolute inset-x-0 top-0 focus-visible:-outline-offset-2"
                style={{ transform: `translateY(${start}px)` }}
              >
                <LogLine
                  line={line}
                  search={search}
                  highlighted={highlighted !== null && instanceOf(line) === highlighted}
                  onInstance={onInstance}
                />
              </li>
            );
          })}
        </ol>
      </div>
      {!following && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            kind="primary"
            size="small"
            className="pointer-events-auto rounded-full tabular-nums shadow-sm"
            onClick={() => setFollowing(true)}
          >
            <ArrowDown aria-hidden className="size-3.5" />
            {waiting === 0 ? t`Paused` : t`Paused · ${plural(waiting, { one: "# new", other: "# new" })}`}
          </Button>
        </div>
      )}
    </div>
  );
}

function withLine(indexes: number[], index: number): number[] {
  return indexes.includes(index) ? indexes : [...indexes, index].sort((a, b) => a - b);
}
