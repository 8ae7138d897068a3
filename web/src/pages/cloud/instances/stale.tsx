// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useConnections } from "#/live/connections";
import { useServerSecond } from "#/ui/ticker";

/** Whether what is shown may be out of date: the stream is down, or silent for too long. */
export function useStale(): boolean {
  return useConnections(({ statuses }) => {
    const state = statuses.stream?.state;
    return state !== undefined && state !== "live" && state !== "connecting" && state !== "idle";
  });
}

/** The age of the list, while it is not updated. */
export function StreamAge() {
  return useStale() ? <Age /> : null;
}

function Age() {
  const { t } = useLingui();
  const lastReceivedAt = useConnections(({ statuses }) =>
    statuses.stream?.lastReceivedAt == null
      ? null
      : statuses.stream.lastReceivedAt + (statuses.stream.clockOffset ?? 0),
  );
  const now = useServerSecond();
  if (lastReceivedAt === null) {
    return null;
  }
  const age = Math.max(0, Math.round((now - lastReceivedAt) / 1000));
  return <p className="px-4 pb-2 text-xs text-wait tabular-nums">{t`As of ${age} s ago`}</p>;
}
