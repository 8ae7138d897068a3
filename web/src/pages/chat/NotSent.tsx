// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useStore } from "zustand";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { useJustChanged } from "#/ui/justChanged";
import { Time } from "#/ui/Time";
import { chat } from "./chat";
import { isStuck, type Outgoing } from "./outgoing";

/** Below a message that could not be sent, or is so old that the user decides. */
export function NotSent({ item, at }: { item: Outgoing; at: number }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  // When one is removed, another one moves to its place.
  const hasMoved = useJustChanged(useStore(chat.outbox.store, (store) => store.items.length));
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 pb-1 text-2xs text-bad">
      {item.state === "asking" ? (
        <span>
          <Trans>
            Written <Time at={at} />, not sent yet. Send it now?
          </Trans>
        </span>
      ) : (
        <span>
          {item.error === "unanswered"
            ? t`It is not known whether it arrived. Retrying cannot send it twice.`
            : errorWords(item.error)}
        </span>
      )}
      <span className="flex gap-2">
        <Button size="small" off={hasMoved} onClick={() => chat.outbox.retry(item.id)}>
          {item.state === "asking" ? <Trans>Send now</Trans> : <Trans>Retry</Trans>}
        </Button>
        <Button size="small" kind="quiet" off={hasMoved} onClick={() => chat.outbox.remove(item.id)}>
          <Trans>Delete</Trans>
        </Button>
      </span>
    </div>
  );
}

/** Shown when several messages could not be sent. */
export function NotSentBar({ items }: { items: readonly Outgoing[] }) {
  const { t } = useLingui();
  const stuck = items.filter(isStuck);
  if (stuck.length < 2) {
    return null;
  }
  const removeAll = () => {
    for (const item of stuck) {
      chat.outbox.remove(item.id);
    }
  };
  return (
    <div
      role="group"
      aria-label={t`Messages that were not sent`}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-bad-tint px-4 py-1.5 text-xs"
    >
      <span>{t`${plural(stuck.length, { one: "# message was not sent.", other: "# messages were not sent." })}`}</span>
      <Button size="small" onClick={() => chat.outbox.retryAll()}>
        <Trans>Retry all</Trans>
      </Button>
      <Button size="small" kind="quiet" onClick={removeAll}>
        <Trans>Delete all</Trans>
      </Button>
    </div>
  );
}
