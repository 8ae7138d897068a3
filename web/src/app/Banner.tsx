// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { describeError } from "#/i18n/errors";
import { tryAllNow, useConnections, worstOf } from "#/live/connections";
import type { Connection } from "#/transport/types";
import { announce } from "#/ui/announcer";
import { Button } from "#/ui/Button";
import { useTick } from "#/ui/ticker";
import { useUpdate } from "./update";

/** Before this, in ms, a drop is not worth a word. */
const grace = 2000;
/** How long it says what was recovered, in ms. */
const thanks = 6000;

/** One line over the page while something is wrong with the connection, and for a moment after it. Never over the content. */
export function Banner() {
  const connection = useConnections((store) => worstOf(store.states));
  const waiting = useConnections((store) => Object.values(store.waiting).reduce((sum, count) => sum + count, 0));
  const { t } = useLingui();
  useTick(connection !== null && connection.state !== "idle");
  const outdated = useUpdate((store) => store.available);
  const line = (connection && lineOf(connection, Date.now())) ?? (outdated ? update() : null);
  useEffect(() => {
    if (line?.spoken) {
      announce(line.spoken);
    }
  }, [line?.spoken]);
  if (!line) {
    return null;
  }
  return (
    <div
      role={line.alert ? "alert" : undefined}
      data-banner={line.name}
      className={`flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1.5 text-sm ${line.look}`}
    >
      <span>{line.text}</span>
      {waiting > 0 && line.name !== "live" && (
        <span className="text-soft">{t`${plural(waiting, { one: "# message is waiting", other: "# messages are waiting" })}`}</span>
      )}
      {line.button === "try" && (
        <Button size="small" onClick={tryAllNow}>
          <Trans>Try now</Trans>
        </Button>
      )}
      {line.button === "reload" && (
        <Button size="small" onClick={() => window.location.reload()}>
          <Trans>Reload</Trans>
        </Button>
      )}
    </div>
  );

  function lineOf(at: Connection, now: number): Line | null {
    switch (at.state) {
      case "blocked":
        return { name: at.state, text: describeError(at.reason), look: "bg-bad-tint", button: "reload", alert: true };
      case "offline":
        return { name: at.state, text: t`You are offline. What you write is kept.`, look: "bg-hover", alert: true };
      case "retrying":
        return retrying(at, now);
      case "live":
        return recovered(at, now);
      default:
        return null;
    }
  }

  function retrying(at: Connection, now: number): Line | null {
    if (at.lostAt !== null && now - at.lostAt < grace) {
      return null;
    }
    const seconds = at.retryAt === null ? 0 : Math.max(0, Math.ceil((at.retryAt - now) / 1000));
    const what = at.restarting ? t`The server is restarting.` : t`Connection lost.`;
    const when = seconds > 0 ? t`Retrying in ${seconds} s` : t`Retrying…`;
    const spoken = t`Connection lost. Trying again.`;
    return { name: at.state, text: `${what} ${when}`, look: "bg-wait-tint", button: "try", spoken };
  }

  function recovered(at: Connection, now: number): Line | null {
    const last = at.recovery;
    if (!last || now - last.at > thanks || (last.events === 0 && last.outage < 5000)) {
      return null;
    }
    const text = last.complete
      ? t`Connected. ${plural(last.events, { one: "# event recovered", other: "# events recovered" })}`
      : t`Connected. Too much was missed, so everything was read anew.`;
    return { name: at.state, text, look: "bg-ok-tint", spoken: text };
  }

  function update(): Line {
    return { name: "update", text: t`The portal has been updated.`, look: "bg-busy-tint", button: "reload" };
  }
}

interface Line {
  /** What it is about, for tests. */
  name: Connection["state"] | "update";
  text: string;
  look: string;
  button?: "try" | "reload";
  alert?: boolean;
  spoken?: string;
}
