// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useConnections } from "#/live/connections";
import { useServerSecond } from "#/ui/ticker";

/** Whether what is shown may be out of date: the stream is down, or silent for too long. */
export function useStale(): boolean {
  return useConnections(({ states }) => {
    const state = states.stream?.state;
    return state !== undefined && state !== "live" && state !== "connecting" && state !== "idle";
  });
}

/** How old the list is, while it is not kept up to date. */
export function StreamAge() {
  return useStale() ? <Age /> : null;
}

function Age() {
  const { t } = useLingui();
  const heardAt = useConnections(({ states }) =>
    states.stream?.lastHeardAt == null ? null : states.stream.lastHeardAt + (states.stream.clockOffset ?? 0),
  );
  const now = useServerSecond();
  if (heardAt === null) {
    return null;
  }
  const age = Math.max(0, Math.round((now - heardAt) / 1000));
  return <p className="px-4 pb-2 text-xs text-wait tabular-nums">{t`As of ${age} s ago`}</p>;
}
