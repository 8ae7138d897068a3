// SPDX-License-Identifier: Apache-2.0
import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { Row } from "./rows";
import { useTabShown } from "./tabShown";

export type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Within this distance of the end, in px, the list follows new messages. */
export const endThreshold = 64;

/** Scrolls to the row, or for a negative index to the end. */
export function scrollToRow(list: List, index: number): void {
  if (index < 0) {
    list.scrollToEnd();
  } else {
    list.scrollToIndex(index, { align: "start" });
  }
}

/**
 * Whether the newest message is in view (`following`), and the tab is visible, too (`watching`). At first, and when the tab is
 * shown again, the list scrolls to the first new message.
 */
export function useFollowEnd(list: List, rows: readonly Row[], firstNew: number) {
  "use no memo"; // The virtualizer is one object that changes inside.
  const shown = useTabShown();
  const filled = rows.length > 0;
  const [following, setFollowing] = useState(true);
  const [placed, setPlaced] = useState(false);
  const now = useRef({ following, firstNew });
  now.current.firstNew = firstNew;

  const update = () => {
    const element = list.scrollElement;
    if (element) {
      now.current.following = element.scrollHeight - element.scrollTop - element.clientHeight <= endThreshold;
      setFollowing(now.current.following);
    }
  };

  useEffect(() => {
    if (!filled || !shown) {
      return;
    }
    let frame = 0;
    const place = () => {
      const line = now.current.firstNew;
      const start = line < 0 ? undefined : list.getOffsetForIndex(line, "start")?.[0];
      if (start !== undefined && start < (list.scrollOffset ?? 0)) {
        scrollToRow(list, line);
      }
      setPlaced(true);
    };
    if (now.current.following) {
      list.scrollToEnd();
      // By then the rows at the end are rendered and measured.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(place);
      });
    } else {
      setPlaced(true); // The user was reading further up, and the list stays there.
    }
    return () => {
      cancelAnimationFrame(frame);
      setPlaced(false);
    };
  }, [list, filled, shown]);

  // The list stays at the end when it gets smaller: a banner, a keyboard, a second line in the field below.
  useEffect(() => {
    const element = list.scrollElement;
    const observer = new ResizeObserver(() => {
      if (now.current.following) {
        list.scrollToEnd();
      }
    });
    if (element) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, [list]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks anew when what it looks at has changed
  useEffect(update, [rows]);
  return { following, watching: filled && shown && placed && following, update };
}
