// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { roundTripOf, useConnections, waysOf, worstOf } from "#/live/connections";
import type { Connection } from "#/transport/types";
import { Tooltip } from "#/ui/Tooltip";
import { useSecond } from "#/ui/ticker";

const dots: Record<Connection["state"], string> = {
  idle: "bg-edge",
  connecting: "bg-edge animate-pulse-slow",
  live: "bg-ok",
  stale: "bg-wait",
  retrying: "bg-wait animate-pulse-slow",
  offline: "bg-edge",
  blocked: "bg-bad",
};

/** How this tab is connected, in a word; all there is to know on hover and focus. */
export function Indicator() {
  const connection = useConnections((store) => worstOf(store.states));
  const rtt = useConnections((store) => roundTripOf(store.states));
  const now = useSecond();
  const by = useConnections((store) => waysOf(store.states).join(", "));
  const { t } = useLingui();
  if (!connection) {
    return null;
  }
  const age = connection.lastHeardAt === null ? null : Math.max(0, Math.round((now - connection.lastHeardAt) / 1000));
  const words = {
    idle: t`Not connected`,
    connecting: t`Connecting…`,
    live: rtt === null ? t`Live` : t`Live · ${rtt} ms`,
    stale: t`No data for ${age} s`,
    retrying: t`Reconnecting…`,
    offline: t`Offline`,
    blocked: t`Blocked`,
  }[connection.state];
  const details = age === null ? t`Nothing has come yet` : t`Last sign of the server ${age} s ago. Connected by ${by}`;
  return (
    <Tooltip text={details}>
      <span
        tabIndex={0}
        role="group"
        aria-label={t`Connection`}
        data-connection={connection.state}
        className="inline-flex h-9 min-w-0 items-center gap-2 rounded-control px-2.5 text-xs text-soft tabular-nums"
      >
        <span data-dot className={clsx("size-2 shrink-0 rounded-full", dots[connection.state])} />
        <span className="truncate">{words}</span>
      </span>
    </Tooltip>
  );
}
