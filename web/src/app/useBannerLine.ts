// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useLocation } from "react-router";
import { useErrorWords } from "#/i18n/errors";
import { type Recovery, recoveryOf, useConnections, worstStatus } from "#/live/connections";
import type { ConnectionStatus } from "#/transport/types";
import { useSecond } from "#/ui/ticker";
import { useUpdate } from "./update";

/** A lost connection is shown after this, in ms. */
const grace = 2000;
/** How long the recovery is shown, in ms. */
const recoveryTime = 6000;

export interface BannerLine {
  /** Its kind, for tests. */
  name: ConnectionStatus["state"] | "unsent" | "update";
  text: string;
  look: string;
  button?: "try" | "reload" | "chat";
  alert?: boolean;
  spoken?: string;
}

/** The most serious message for the banner; null: there is none. */
export function useBannerLine(): BannerLine | null {
  const { t } = useLingui();
  const errorWords = useErrorWords();
  const states = useConnections((store) => store.statuses);
  const unsent = useConnections((store) => Object.values(store.unsent).reduce((sum, count) => sum + count, 0));
  // The chat page itself shows them.
  const inChat = useLocation().pathname.startsWith("/chat");
  const outdated = useUpdate((store) => store.available);
  const now = useSecond();
  const worst = worstStatus(states);
  return connectionProblem(worst) ?? notSent() ?? recovered(worst) ?? (outdated ? update() : null);

  function connectionProblem(at: ConnectionStatus | null): BannerLine | null {
    switch (at?.state) {
      case "blocked":
        return { name: at.state, text: errorWords(at.reason), look: "bg-bad-tint", button: "reload", alert: true };
      case "offline":
        return { name: at.state, text: t`You are offline. What you write is kept.`, look: "bg-hover", alert: true };
      case "retrying":
        return retrying(at);
      default:
        return null;
    }
  }

  function retrying(at: ConnectionStatus): BannerLine | null {
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

  function notSent(): BannerLine | null {
    if (unsent === 0 || inChat) {
      return null;
    }
    const text = t`${plural(unsent, { one: "# message of yours was not sent.", other: "# messages of yours were not sent." })}`;
    return { name: "unsent", text, look: "bg-bad-tint", button: "chat" };
  }

  function recovered(at: ConnectionStatus | null): BannerLine | null {
    const recovery = recoveryOf(states, recoveryTime);
    const isOver = at?.state !== "live" || recovery === null || now - recovery.at > recoveryTime;
    const isSmall = recovery?.complete && recovery.events === 0 && recovery.messages === 0 && recovery.outage < 5000;
    if (isOver || isSmall) {
      return null;
    }
    const text = recoveryText(recovery);
    return { name: at.state, text, look: "bg-ok-tint", spoken: text };
  }

  function recoveryText({ events, messages, complete }: Recovery): string {
    if (!complete) {
      return t`Connected. Too much was missed, so all data was reloaded.`;
    }
    if (events > 0) {
      const all = events + messages;
      return t`Connected. ${plural(all, { one: "# event recovered", other: "# events recovered" })}`;
    }
    return messages === 0
      ? t`Connected. Nothing was missed.`
      : t`Connected. ${plural(messages, { one: "# message recovered", other: "# messages recovered" })}`;
  }

  function update(): BannerLine {
    return { name: "update", text: t`The portal has been updated.`, look: "bg-busy-tint", button: "reload" };
  }
}
