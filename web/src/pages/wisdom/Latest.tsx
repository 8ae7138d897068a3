// SPDX-License-Identifier: Apache-2.0
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { Button } from "#/ui/Button";
import { useJustChanged } from "#/ui/justChanged";
import { Time } from "#/ui/Time";
import { languageOf, latest } from "./feed";
import { Heartbeat } from "./Heartbeat";
import { NightSky } from "./NightSky";
import { QuoteActions } from "./QuoteActions";
import { StatusPanel } from "./StatusPanel";
import { session, wisdom } from "./visit";

/** Leaves room for the picture at the side. */
const large =
  "max-w-lg text-lg leading-snug font-medium text-balance sm:text-xl md:max-w-[min(36rem,calc(100%-20rem))]";

/** The main part of the page: the newest quote, and the subscribe button. */
export function Latest() {
  const { t } = useLingui();
  const wanted = useStore(wisdom, (store) => store.wanted);
  const justChanged = useJustChanged(wanted);
  return (
    <section aria-label={t`Latest quote`} className="overflow-clip rounded-card border border-line bg-surface">
      <div className="relative isolate flex min-h-80 flex-col gap-4 p-4 pb-0 sm:p-6 sm:pb-0">
        <NightSky className="absolute right-4 bottom-0 -z-10 h-72 max-md:hidden" />
        <StatusPanel />
        <QuoteOrHint />
        <div className="flex items-end justify-between gap-4">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-4 sm:pb-6">
            {wanted ? (
              <Button size="large" off={justChanged} onClick={() => session.unsubscribe()}>
                <Trans>Unsubscribe</Trans>
              </Button>
            ) : (
              <Button size="large" kind="primary" off={justChanged} onClick={() => session.subscribe()}>
                <Trans>Subscribe</Trans>
              </Button>
            )}
            <LateCount />
          </div>
          <NightSky className="h-28 shrink-0 md:hidden" />
        </div>
      </div>
      <div className="relative border-t border-line bg-surface px-4 py-2.5 sm:px-6">
        <Heartbeat />
      </div>
    </section>
  );
}

/** The newest quote; before the first one, and after unsubscribing, a hint. */
function QuoteOrHint() {
  const quote = useStore(wisdom, (store) => latest(store.feed, store.pausedAt));
  const phase = useStore(wisdom, (store) => store.phase);
  const wanted = useStore(wisdom, (store) => store.wanted);
  const hasLeft = useStore(wisdom, (store) => store.hasUnsubscribed);
  if (wanted && quote) {
    return (
      <figure key={quote.number} className="my-auto animate-rise">
        <blockquote dir="auto" lang={languageOf(quote.text)} className={large}>
          {quote.text}
        </blockquote>
        <figcaption className="mt-2 flex items-center gap-2 text-xs text-soft">
          <Time at={quote.at} />
          <QuoteActions text={quote.text} />
        </figcaption>
      </figure>
    );
  }
  if (wanted && phase !== "subscribed") {
    return (
      <Hint
        line={<Trans>On the way to the pack…</Trans>}
        note={<Trans>You are subscribed as soon as it answers.</Trans>}
      />
    );
  }
  if (wanted) {
    return (
      <Hint
        line={<Trans>Love is quiet. Only subscribing is loud.</Trans>}
        note={<Trans>Wolves do not talk much. The next word is for you.</Trans>}
      />
    );
  }
  const note = <Trans>Subscribe, and now and then a wolf says something wise.</Trans>;
  return hasLeft ? (
    <Hint line={<Trans>A wolf is a wolf until the first unsubscribe…</Trans>} note={note} />
  ) : (
    <Hint line={<Trans>The pack is silent until you ask it to speak.</Trans>} note={note} />
  );
}

function Hint({ line, note }: { line: ReactNode; note: ReactNode }) {
  return (
    <div className="my-auto animate-rise">
      <p className={large}>{line}</p>
      <p className="mt-2 text-sm text-soft">{note}</p>
    </div>
  );
}

/** The number of quotes since the unsubscription: evidence that it works. */
function LateCount() {
  const wanted = useStore(wisdom, (store) => store.wanted);
  const hasLeft = useStore(wisdom, (store) => store.hasUnsubscribed);
  const late = useStore(wisdom, (store) => store.feed.late);
  if (wanted || !hasLeft) {
    return null;
  }
  return (
    <p role="status" data-late={late} className="text-sm text-soft tabular">
      <Plural value={late} one="# quote since you left" other="# quotes since you left" />
    </p>
  );
}
