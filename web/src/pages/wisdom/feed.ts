// SPDX-License-Identifier: Apache-2.0

export interface Quote {
  /** Counts up from 1 as quotes come. */
  readonly number: number;
  readonly text: string;
  /** When it came, ms on the server's clock; the protocol says no time. */
  readonly at: number;
}

/** The quotes of this visit. */
export interface Feed {
  /** Newest first. */
  readonly quotes: readonly Quote[];
  /** The number of the newest that the person could have seen come. */
  readonly seen: number;
  /** Came after the person had unsubscribed. They are counted, and never shown. */
  readonly late: number;
}

/** So many are kept, the newest. */
export const mostQuotes = 500;

export const emptyFeed: Feed = { quotes: [], seen: 0, late: 0 };

/** `watched`: somebody is there to see it come. What came before while nobody was stays new until then. */
export function withQuote(feed: Feed, text: string, at: number, watched: boolean): Feed {
  const number = (feed.quotes[0]?.number ?? 0) + 1;
  return {
    ...feed,
    quotes: [{ number, text, at }, ...feed.quotes].slice(0, mostQuotes),
    seen: watched ? number : feed.seen,
  };
}

export function withLate(feed: Feed): Feed {
  return { ...feed, late: feed.late + 1 };
}

/** From here on late ones are counted anew. */
export function left(feed: Feed): Feed {
  return { ...feed, late: 0 };
}

export function unseenCount(feed: Feed): number {
  return feed.quotes.filter(({ number }) => number > feed.seen).length;
}

/** The newest quote, or while paused the newest from before. */
export function latest(feed: Feed, pausedAt: number | null): Quote | undefined {
  return feed.quotes.find(({ number }) => pausedAt === null || number <= pausedAt);
}
