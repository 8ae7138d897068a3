// SPDX-License-Identifier: Apache-2.0

export interface Quote {
  /** Counts up from 1 as quotes come. */
  readonly number: number;
  readonly text: string;
  /** When it arrived, ms on the server's clock; the protocol has no timestamp. */
  readonly at: number;
}

/** The quotes of this visit. */
export interface Feed {
  /** Newest first. */
  readonly quotes: readonly Quote[];
  /** The number of the newest quote that was visible. */
  readonly seen: number;
  /** Arrived after the unsubscription. They are counted, and never shown. */
  readonly late: number;
}

/** The number of quotes that are kept, the newest. */
export const quotesMax = 500;

export const emptyFeed: Feed = { quotes: [], seen: 0, late: 0 };

/** `watched`: the page is visible. Quotes that arrive while it is not stay new until then. */
export function withQuote(feed: Feed, text: string, at: number, watched: boolean): Feed {
  const number = (feed.quotes[0]?.number ?? 0) + 1;
  return {
    ...feed,
    quotes: [{ number, text, at }, ...feed.quotes].slice(0, quotesMax),
    seen: watched ? number : feed.seen,
  };
}

/** The language in which a quote is read out: quotes from before a change of the page's language stay. */
export function languageOf(text: string): "en" | "ru" {
  return /\p{Script=Cyrillic}/u.test(text) ? "ru" : "en";
}

export function withLate(feed: Feed): Feed {
  return { ...feed, late: feed.late + 1 };
}

/** Resets the count of late quotes. */
export function withLateReset(feed: Feed): Feed {
  return { ...feed, late: 0 };
}

export function unseenCount(feed: Feed): number {
  return feed.quotes.filter(({ number }) => number > feed.seen).length;
}

/** The newest quote, or while paused the newest from before the pause. */
export function latest(feed: Feed, pausedAt: number | null): Quote | undefined {
  return feed.quotes.find(({ number }) => pausedAt === null || number <= pausedAt);
}
