// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { roundTripOf, transportLabels, useConnections, worstStatus } from "#/live/connections";
import { type ShownState, shownStateOf, useUnansweredSeconds } from "#/ui/connectionState";
import { Tooltip } from "#/ui/Tooltip";
import { useSecond } from "#/ui/ticker";

const dots: Record<ShownState, string> = {
  idle: "bg-edge",
  connecting: "bg-edge animate-pulse-slow",
  live: "bg-ok",
  unanswered: "bg-wait",
  stale: "bg-wait",
  retrying: "bg-wait animate-pulse-slow",
  offline: "bg-edge",
  blocked: "bg-bad",
};

/** The state of this tab's connections, in a word; details on hover and focus. */
export function Indicator() {
  const connection = useConnections((store) => worstStatus(store.statuses));
  const unanswered = useUnansweredSeconds();
  const now = useSecond();
  const rtt = useConnections((store) => roundTripOf(store.statuses));
  const by = useConnections((store) => transportLabels(store.statuses).join(", "));
  const { t } = useLingui();
  if (!connection && unanswered === null) {
    return null;
  }
  const state = shownStateOf(connection?.state ?? "idle", unanswered);
  const lastReceivedAt = connection?.lastReceivedAt ?? null;
  const age = lastReceivedAt === null ? null : Math.max(0, Math.round((now - lastReceivedAt) / 1000));
  const label = {
    idle: t`Not connected`,
    connecting: t`Connecting…`,
    live: t`Live`,
    unanswered: t`No answer for ${unanswered} s`,
    stale: t`No data for ${age} s`,
    retrying: t`Reconnecting…`,
    offline: t`Offline`,
    blocked: t`Blocked`,
  }[state];
  const roundTrip = state === "live" && rtt !== null ? t` · ${rtt} ms` : null;
  const details = age === null ? t`No data yet` : t`Last data from the server ${age} s ago. Connected by ${by}`;
  return (
    <Tooltip text={details}>
      <span
        tabIndex={0}
        role="group"
        aria-label={t`Connection`}
        data-connection={state}
        className="inline-flex h-9 min-w-0 items-center gap-2 rounded-control px-2.5 text-xs text-soft tabular-nums max-[22rem]:gap-1.5 max-[22rem]:px-1"
      >
        <span data-dot className={clsx("size-2 shrink-0 rounded-full", dots[state])} />
        {/* Of one line: where the round trip has no room it is in the second one, and not shown. */}
        <span className="flex h-4 min-w-0 flex-wrap overflow-hidden">
          <span className="max-w-full truncate">{label}</span>
          {roundTrip !== null && (
            <span data-round-trip className="whitespace-pre">
              {roundTrip}
            </span>
          )}
        </span>
      </span>
    </Tooltip>
  );
}
