// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useConnections } from "#/live/connections";
import type { ConnectionState } from "#/transport/types";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Time } from "#/ui/Time";
import { useMessages } from "./store";
import { becomeNobody } from "./watch";

const dots: Partial<Record<ConnectionState, string>> = {
  live: "bg-ok",
  stale: "bg-wait",
  retrying: "bg-wait",
  blocked: "bg-bad",
};

/** Whose inbox it is, whether it is live, and when something came last. */
export function Owner({ user }: { user: string }) {
  const { t } = useLingui();
  const state = useConnections((store) => store.states.stream?.state ?? "connecting");
  const newest = useMessages((store) => store.inbox.messages.at(-1)?.time);
  const words: Record<ConnectionState, string> = {
    idle: t`Not connected`,
    connecting: t`Connecting…`,
    live: t`Live`,
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
        <div className="flex flex-wrap items-center gap-x-1.5 text-2xs text-soft">
          <span
            data-dot
            data-live={state}
            className={clsx("size-2 rounded-full", dots[state] ?? "animate-pulse-slow bg-edge")}
          />
          <span>{words[state]}</span>
          {newest !== undefined && (
            <span>
              ·{" "}
              <Trans>
                last message <Time at={newest} />
              </Trans>
            </span>
          )}
        </div>
      </div>
      <Button kind="quiet" size="small" onClick={becomeNobody}>
        <Trans>Change</Trans>
      </Button>
    </div>
  );
}
