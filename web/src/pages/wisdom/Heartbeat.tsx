// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { HeartPulse } from "lucide-react";
import { useStore } from "zustand";
import { useSecond } from "#/ui/ticker";
import { type Pulse, pulseOf } from "./pulse";
import { wisdom } from "./visit";

const colours: Record<Pulse, string> = { none: "text-soft", well: "text-ok", late: "text-wait", lost: "text-bad" };

/** Whether the server is alive: a beat with every ping, its age, and for how long a request is unanswered. */
export function Heartbeat() {
  const { t } = useLingui();
  const lastPingAt = useStore(wisdom, (store) => store.lastPingAt);
  const lastActivityAt = useStore(wisdom, (store) => store.lastActivityAt);
  const unansweredSince = useStore(wisdom, (store) => store.unansweredSince);
  const rtt = useStore(wisdom, (store) => store.rtt);
  const now = useSecond();
  const isConnecting = useStore(wisdom, (store) => store.phase === "connecting");
  const known = pulseOf({ lastActivityAt, unansweredSince }, now);
  // Without a connection the state is not `well`, however recent the last data is.
  const pulse = isConnecting && known === "well" ? "none" : known;
  const secondsSince = (at: number) => Math.max(0, Math.round((now - at) / 1000));
  const silent = lastActivityAt === null ? 0 : secondsSince(lastActivityAt);
  const owed = unansweredSince === null ? 0 : secondsSince(unansweredSince);
  return (
    <div
      role="group"
      aria-label={t`Heartbeat`}
      data-pulse={pulse}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-soft tabular"
    >
      <span key={lastPingAt} className={clsx("inline-flex items-center gap-1.5", colours[pulse])}>
        <HeartPulse className={clsx("size-4", lastPingAt !== null && "animate-beat")} aria-hidden />
        {pulse === "late" && <span className="font-medium">{t`No answer for ${owed} s`}</span>}
        {pulse === "lost" && <span className="font-medium">{t`No data for ${silent} s`}</span>}
      </span>
      {lastPingAt === null ? <Trans>No ping yet</Trans> : <span>{t`Ping ${secondsSince(lastPingAt)} s ago`}</span>}
      {rtt !== null && <span title={t`From the subscription to its confirmation`}>{t`Answer in ${rtt} ms`}</span>}
    </div>
  );
}
