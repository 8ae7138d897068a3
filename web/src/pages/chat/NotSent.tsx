// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { Time } from "#/ui/Time";
import { chat } from "./chat";
import { isStuck, type Outgoing } from "./outgoing";

/** Below a message that did not get through, or is so old that the person decides. */
export function NotSent({ item, at }: { item: Outgoing; at: number }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 pb-1 text-2xs text-bad">
      {item.state === "asking" ? (
        <span>
          <Trans>
            Written <Time at={at} />, not sent yet. Still wanted?
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
        <Button size="small" onClick={() => chat.outbox.retry(item.id)}>
          {item.state === "asking" ? <Trans>Send now</Trans> : <Trans>Retry</Trans>}
        </Button>
        <Button size="small" kind="quiet" onClick={() => chat.outbox.remove(item.id)}>
          <Trans>Delete</Trans>
        </Button>
      </span>
    </div>
  );
}

/** Where several did not get through. */
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
