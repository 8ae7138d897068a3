// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Check, CircleAlert, Clock } from "lucide-react";
import { useFormats } from "#/i18n/format";
import type { Row } from "./rows";

/** The delivery state of the user's message: a clock, a tick, or a warning. */
export function Delivery({ row: { outgoing, took } }: { row: Row }) {
  const { t } = useLingui();
  const formats = useFormats();
  const state = outgoing?.state ?? "sent";
  const ms = took === null ? null : formats.count(Math.round(took));
  const [Icon, label] = {
    sent: [Check, ms === null ? t`Sent` : t`Sent in ${ms} ms`] as const,
    sending: [Clock, t`Sending…`] as const,
    waiting: [Clock, t`Waiting for the connection`] as const,
    failed: [CircleAlert, t`Not sent`] as const,
    asking: [CircleAlert, t`Not sent`] as const,
  }[state];
  const bad = state === "failed" || state === "asking";
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={clsx("flex shrink-0 items-center gap-1 pb-2 text-2xs", bad ? "text-bad" : "text-soft")}
    >
      {state === "waiting" && <Trans>waiting</Trans>}
      <Icon aria-hidden className="size-3.5" />
    </span>
  );
}
