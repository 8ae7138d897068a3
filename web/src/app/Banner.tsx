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
  const outdated = useUpdate((store) => store.available);
  const now = Date.now();
  useTick(connection !== null && (connection.state === "retrying" || isFresh(connection, now)));
  const line = (connection && lineOf(connection)) ?? (outdated ? update() : null);
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
      <span className="tabular-nums">{line.text}</span>
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

  function lineOf(at: Connection): Line | null {
    switch (at.state) {
      case "blocked":
        return { name: at.state, text: describeError(at.reason), look: "bg-bad-tint", button: "reload", alert: true };
      case "offline":
        return { name: at.state, text: t`You are offline. What you write is kept.`, look: "bg-hover", alert: true };
      case "retrying":
        return retrying(at);
      case "live":
        return isFresh(at, now) ? recovered(at) : null;
      default:
        return null;
    }
  }

  function retrying(at: Connection): Line | null {
    if (at.lostAt !== null && now - at.lostAt < grace) {
      return null;
    }
    const seconds = at.retryAt === null ? 0 : Math.max(0, Math.ceil((at.retryAt - now) / 1000));
    const spoken = at.restarting ? t`The server is restarting.` : t`Connection lost. Trying again.`;
    const text = at.restarting ? restarting(seconds) : lost(seconds);
    return { name: at.state, text, look: "bg-wait-tint", button: "try", spoken };
  }

  function restarting(seconds: number): string {
    return seconds > 0 ? t`The server is restarting. Retrying in ${seconds} s` : t`The server is restarting. Retrying…`;
  }

  function lost(seconds: number): string {
    return seconds > 0 ? t`Connection lost. Retrying in ${seconds} s` : t`Connection lost. Retrying…`;
  }

  function recovered({ state, recovery }: Connection): Line | null {
    if (!recovery || (recovery.events === 0 && recovery.complete && recovery.outage < 5000)) {
      return null;
    }
    const text = whatCame(recovery);
    return { name: state, text, look: "bg-ok-tint", spoken: text };
  }

  function whatCame({ events, complete }: NonNullable<Connection["recovery"]>): string {
    if (!complete) {
      return t`Connected. Too much was missed, so everything was read anew.`;
    }
    return events === 0
      ? t`Connected. Nothing was missed.`
      : t`Connected. ${plural(events, { one: "# event recovered", other: "# events recovered" })}`;
  }

  function update(): Line {
    return { name: "update", text: t`The portal has been updated.`, look: "bg-busy-tint", button: "reload" };
  }
}

function isFresh({ recovery }: Connection, now: number): boolean {
  return recovery !== null && now - recovery.at <= thanks;
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
