// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Pause, Play } from "lucide-react";
import { useStore } from "zustand";
import { useFormats } from "#/i18n/format";
import { Button } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";
import { itemsOf } from "#/ui/feedItems";
import { Panel } from "#/ui/Panel";
import { isRecent, Time } from "#/ui/Time";
import { type RowProps, VirtualFeed } from "#/ui/VirtualFeed";
import { languageOf, type Quote } from "./feed";
import { QuoteActions } from "./QuoteActions";
import { session, wisdom } from "./visit";

/** All quotes of this visit, newest first. */
export function QuoteList() {
  const { t } = useLingui();
  const quotes = useStore(wisdom, (store) => store.feed.quotes);
  const seen = useStore(wisdom, (store) => store.feed.seen);
  const paused = useStore(wisdom, (store) => store.pausedAt !== null);
  return (
    <Panel
      title={t`Quotes`}
      actions={
        <Button size="small" aria-pressed={paused} off={quotes.length === 0} onClick={() => session.setPaused(!paused)}>
          {paused ? <Play className="size-3.5" aria-hidden /> : <Pause className="size-3.5" aria-hidden />}
          {paused ? <Trans>Resume</Trans> : <Trans>Pause</Trans>}
        </Button>
      }
    >
      <div className="overflow-clip rounded-b-card border-t border-line">
        {quotes.length === 0 ? (
          <EmptyState>
            <Trans>No quotes in this visit yet.</Trans>
          </EmptyState>
        ) : (
          <VirtualFeed
            items={itemsOf(quotes, ({ number }) => number)}
            label={t`Quotes`}
            rowHeight={45}
            paused={paused}
            onResume={() => session.setPaused(false)}
          >
            {(quote, row) => <QuoteRow quote={quote} isNew={quote.number > seen} row={row} />}
          </VirtualFeed>
        )}
      </div>
    </Panel>
  );
}

function QuoteRow({ quote: { text, at }, isNew, row }: { quote: Quote; isNew: boolean; row: RowProps }) {
  const { t } = useLingui();
  const stamp = useFormats().stamp(at);
  return (
    <article
      {...row}
      aria-label={isNew ? t`New, ${stamp}: ${text}` : t`${stamp}: ${text}`}
      className={clsx(
        "flex flex-wrap items-center gap-x-3 border-b border-line py-2 pr-2 pl-4",
        isRecent(at) && "animate-appear",
      )}
    >
      <p dir="auto" className={clsx("min-w-0 flex-1 basis-60 text-sm wrap-anywhere", isNew && "font-medium")}>
        {isNew && (
          <span className="mr-2 inline-flex items-center gap-1 text-2xs text-accent">
            <span data-dot className="size-2 rounded-full bg-accent-fill" aria-hidden />
            <Trans>new</Trans>
          </span>
        )}
        <span lang={languageOf(text)}>{text}</span>
      </p>
      <span className="flex items-center gap-1">
        <Time at={at} className="text-2xs whitespace-nowrap text-soft" />
        <QuoteActions text={text} />
      </span>
    </article>
  );
}
