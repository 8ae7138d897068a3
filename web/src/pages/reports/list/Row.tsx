// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Link, useLocation } from "react-router";
import { serverNow } from "#/live/serverClock";
import { ShortId } from "#/ui/ShortId";
import { Time } from "#/ui/Time";
import { Elapsed } from "../Elapsed";
import { isFinal } from "../model/status";
import { StatusBadge } from "../StatusBadge";
import { useReports } from "../store/reports";
import { shortOf, statusStyles } from "../texts/statusStyles";
import { ActionButtons } from "./ActionButtons";

/** How long a change is highlighted, in ms. */
const freshFor = 1500;

interface Props {
  id: string;
  /** The one row that Tab goes to. */
  isActive: boolean;
  isOpen: boolean;
  onFocus: () => void;
}

/** A report in the list. The link covers the row; only the buttons above it are separate. */
export function Row({ id, isActive, isOpen, onFocus }: Props) {
  const { t, i18n } = useLingui();
  const { search } = useLocation();
  const report = useReports((store) => store.reports.get(id));
  if (!report) {
    return null;
  }
  const isFresh = serverNow() - Date.parse(report.updatedAt) < freshFor;
  const short = shortOf(id);
  const word = i18n._(statusStyles[report.status].label);
  // Below the state on a narrow screen.
  const attempt = report.attempt > 1 && t`attempt ${report.attempt}`;
  return (
    <div
      className={clsx(
        "relative isolate flex h-full items-center gap-3 border-b border-line px-4 has-[a:hover]:bg-hover",
        isOpen && "bg-hover shadow-[inset_3px_0_0_var(--color-accent)]",
      )}
    >
      {/* Mounted again with each version, so that each change is animated; not when an old row is scrolled into view. */}
      <span key={report.version} aria-hidden className={clsx("absolute inset-0 -z-10", isFresh && "animate-appear")} />
      <span className="flex w-29 shrink-0 flex-col items-start gap-0.5">
        <StatusBadge status={report.status} />
        {attempt && <span className="px-2 text-2xs/none text-soft @sm:hidden">{attempt}</span>}
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <Link
          to={{ pathname: `/reports/${id}`, search }}
          state={{ opened: true }}
          tabIndex={isActive ? 0 : -1}
          aria-current={isOpen || undefined}
          onFocus={onFocus}
          className="flex min-w-0 text-xs after:absolute after:inset-0 after:-outline-offset-2 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          <span className="sr-only">{t`Report ${short}: ${word}, attempt ${report.attempt}`}</span>
          <span aria-hidden className="flex min-w-0">
            <ShortId id={id} />
          </span>
        </Link>
        <span className="flex min-w-0 gap-1.5 text-2xs whitespace-nowrap text-soft">
          {isFinal(report.status) ? <Time at={Date.parse(report.updatedAt)} /> : <Elapsed since={report.updatedAt} />}
          {attempt && <span className="hidden @sm:inline">· {attempt}</span>}
        </span>
      </span>
      <span className="hidden text-2xs text-soft @2xl:block">
        <Trans>
          created <Time at={Date.parse(report.createdAt)} />
        </Trans>
      </span>
      <ActionButtons id={id} isActive={isActive} />
    </div>
  );
}
