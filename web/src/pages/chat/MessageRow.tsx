// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useFormats } from "#/i18n/format";
import { QuotedText } from "#/ui/QuotedText";
import { useServerTimeSince } from "#/ui/ticker";
import { Delivery } from "./Delivery";
import { NotSent } from "./NotSent";
import { isStuck } from "./outgoing";
import { RichText } from "./RichText";
import type { Row } from "./rows";

/** One message with the labels above it. Its accessible name is a sentence. */
export function MessageRow({ row }: { row: Row }) {
  const { t } = useLingui();
  const formats = useFormats();
  const { at, isOwn, outgoing, text } = row;
  // Through the relay anybody may use a name that is not registered; the server then sends no id.
  const unverified = !isOwn && row.user.id === "";
  const name = isOwn ? t`You` : row.user.name;
  const author = unverified ? t`${name} (not verified)` : name;
  const clock = formats.clockShort(at);
  return (
    <>
      {row.newDay && <DayLabel at={at} className="py-2" />}
      {row.firstNew && <NewLine />}
      <article
        aria-label={t`${author}, ${clock}: ${text}`}
        tabIndex={-1}
        data-message={outgoing?.state ?? "stored"}
        className={clsx("group flex flex-col px-4", isOwn ? "items-end" : "items-start", row.head && "pt-2.5")}
      >
        {row.head && <Header at={at} name={author} isOwn={isOwn} />}
        <div
          className={clsx(
            "flex max-w-full items-end gap-2 py-0.5",
            isOwn ? "flex-row-reverse pl-6 sm:pl-16" : "pr-6 sm:pr-16",
          )}
        >
          <div
            className={clsx(
              "min-w-0 rounded-card px-3 py-1.5",
              isOwn ? "bg-accent-tint" : "bg-sunken",
              outgoing?.state === "failed" && "outline outline-bad outline-dashed",
              outgoing && "text-soft",
            )}
          >
            <RichText text={text} />
          </div>
          {isOwn && <Delivery row={row} />}
          <time
            dateTime={new Date(at).toISOString()}
            title={formats.exact(at)}
            className="pb-1 text-2xs whitespace-nowrap text-soft opacity-0 group-hover:opacity-100 group-focus:opacity-100 pointer-coarse:hidden pointer-coarse:group-focus:block"
          >
            {clock}
          </time>
        </div>
        {outgoing && isStuck(outgoing) && <NotSent item={outgoing} at={at} />}
      </article>
    </>
  );
}

function Header({ at, name, isOwn }: { at: number; name: string; isOwn: boolean }) {
  const formats = useFormats();
  return (
    <div className={clsx("pb-0.5 text-2xs", isOwn ? "text-accent" : "text-soft")}>
      <Trans>
        <QuotedText text={name} className="font-medium" />,{" "}
        <time dateTime={new Date(at).toISOString()} title={formats.exact(at)}>
          {formats.stamp(at)}
        </time>
      </Trans>
    </div>
  );
}

/** Today, yesterday or a date; it is updated at midnight. */
export function DayLabel({ at, className }: { at: number; className?: string }) {
  const formats = useFormats();
  const now = useServerTimeSince(at);
  return (
    <div className={clsx("flex justify-center", className)}>
      <span className="rounded-full border border-line bg-surface px-3 py-0.5 text-2xs font-medium text-soft">
        {formats.day(at, now)}
      </span>
    </div>
  );
}

function NewLine() {
  return (
    <div className="flex items-center gap-3 px-4 pt-2 text-2xs font-semibold text-accent">
      <span aria-hidden className="h-px flex-1 bg-accent" />
      <Trans context="line above the first new message">New</Trans>
      <span aria-hidden className="h-px flex-1 bg-accent" />
    </div>
  );
}
