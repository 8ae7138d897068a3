// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { type ReactNode, useEffect, useRef } from "react";
import { useUnread } from "#/live/unread";

interface Props {
  title: string;
  /** Unread items that the navigation does not count; the tab's title shows them with those of all pages. */
  count?: number;
  /** At the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  /** The page fills the window and scrolls inside (a chat), rather than as a whole. */
  fill?: boolean;
}

let isFirst = true;

/** A page of the portal: its title takes the focus on navigation, and names the tab. */
export function Page({ title, count = 0, actions, children, fill = false }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const unread = useUnread(({ counts }) => Object.values(counts).reduce((sum, each) => sum + each, count));
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${title} · Howl`;
  }, [title, unread]);
  useEffect(() => {
    // Not on the first load, when the browser has put the focus at the top.
    if (!isFirst) {
      heading.current?.focus({ preventScroll: true });
    }
    isFirst = false;
  }, []);
  return (
    <div className={clsx("mx-auto flex w-full max-w-7xl flex-col gap-4 px-4 py-4 sm:px-6", fill && "min-h-0 flex-1")}>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight">
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </div>
  );
}
