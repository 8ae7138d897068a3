// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { NavLink } from "react-router";
import { useUnread } from "#/live/unread";
import { pages } from "./pages";

/** The links to the pages: beside the content on a wide screen, below it on a phone. */
export function Navigation({ place }: { place: "side" | "bottom" }) {
  const { t } = useLingui();
  return (
    <nav
      aria-label={t`Pages`}
      className={clsx(
        place === "side"
          ? "hidden md:block"
          : "shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden",
      )}
    >
      <ul className={place === "side" ? "space-y-0.5" : "flex"}>
        {pages.map((page) => (
          <li key={page.name} className={place === "side" ? undefined : "min-w-11 flex-auto"}>
            <Item page={page} place={place} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Item({ page, place }: { page: (typeof pages)[number]; place: "side" | "bottom" }) {
  const { i18n, t } = useLingui();
  const unread = useUnread((store) => store.counts[page.name] ?? 0);
  const Icon = page.icon;
  return (
    <NavLink
      to={page.to}
      end={page.to === "/"}
      className={({ isActive }) =>
        clsx(
          "relative flex items-center rounded-control font-medium",
          place === "side"
            ? "h-9 gap-3 px-2.5 text-sm"
            : "h-13 flex-col justify-center gap-0.5 text-[0.625rem]/tight tracking-tighter",
          isActive ? "text-ink" : "text-soft hover:text-ink",
          isActive && place === "side" && "bg-hover",
          !isActive && place === "side" && "hover:bg-sunken",
        )
      }
    >
      {({ isActive }) => (
        <>
          <Icon aria-hidden className={clsx("size-[1.125rem] shrink-0", isActive && "text-accent")} />
          <span className="max-w-full truncate">{i18n._(page.title)}</span>
          {unread > 0 && (
            <span
              className={clsx(
                "rounded-full bg-accent-fill px-1.5 text-2xs font-semibold text-on-accent tabular-nums",
                place === "side" ? "ml-auto" : "absolute top-1 left-1/2 ml-1.5 px-1 text-[0.625rem]",
              )}
            >
              <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
              <span className="sr-only">{t`${unread} unread`}</span>
            </span>
          )}
        </>
      )}
    </NavLink>
  );
}
