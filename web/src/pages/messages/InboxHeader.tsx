// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useConnections } from "#/live/connections";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { type ShownState, shownStateOf, useUnansweredSeconds } from "#/ui/connectionState";
import { Time } from "#/ui/Time";
import { useMessages } from "./store";
import { closeInbox } from "./watch";

const dots: Partial<Record<ShownState, string>> = {
  live: "bg-ok",
  unanswered: "bg-wait",
  stale: "bg-wait",
  retrying: "bg-wait",
  blocked: "bg-bad",
};

/** The user of the inbox, the connection state, and the time of the last message. */
export function InboxHeader({ user }: { user: string }) {
  const { t } = useLingui();
  const stream = useConnections((store) => store.statuses.stream?.state ?? "connecting");
  const state = shownStateOf(stream, useUnansweredSeconds());
  const newest = useMessages((store) => store.inbox.messages.at(-1)?.time);
  const labels: Record<ShownState, string> = {
    idle: t`Not connected`,
    connecting: t`Connecting…`,
    live: t`Live`,
    unanswered: t`No answer`,
    stale: t`No data`,
    retrying: t`Reconnecting…`,
    offline: t`Offline`,
    blocked: t`Blocked`,
  };
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Avatar name={user} />
      <div className="min-w-0">
        <div className="truncate text-sm font-semibold">
          <bdi>{user}</bdi>
        </div>
        <div className="flex flex-wrap items-center gap-x-3 text-2xs text-soft">
          <span className="inline-flex items-center gap-1.5">
            <span
              data-dot
              data-live={state}
              className={clsx("size-2 rounded-full", dots[state] ?? "animate-pulse-slow bg-edge")}
            />
            <span>{labels[state]}</span>
          </span>
          {newest !== undefined && (
            <span>
              <Trans>
                last message <Time at={newest} />
              </Trans>
            </span>
          )}
        </div>
      </div>
      <Button kind="quiet" size="small" onClick={closeInbox}>
        <Trans>Change</Trans>
      </Button>
    </div>
  );
}
