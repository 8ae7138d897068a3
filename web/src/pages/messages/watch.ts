// SPDX-License-Identifier: Apache-2.0
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { setUnread } from "#/live/unread";
import { type Page, pagesAfter } from "./history";
import {
  emptyInbox,
  lastOffset,
  type Message,
  sourceOf,
  unreadCount,
  withLookedAt,
  withMarks,
  withMessages,
  without,
  withSeen,
} from "./inbox";
import { SharedMarks, savedMarks, savedUser, saveUser } from "./marksStorage";
import { commitRemoval } from "./removal";
import { changeInbox, initialState, useMessages } from "./store";
import { topicOf } from "./topicName";

let unsubscribe: (() => void) | undefined;

/** Opens the inbox of the saved user; the shell calls it, so that unread messages are counted on every page. */
export function openSavedInbox(): void {
  const user = savedUser();
  if (user !== null && useMessages.getState().user === null) {
    open(user);
  }
}

/** Opens the inbox of `user`, also after a reload. */
export function openInbox(user: string): void {
  saveUser(user);
  open(user);
}

export function closeInbox(): void {
  saveUser(null);
  close();
}

/** Sets whether the user is watching the list. */
export function setWatching(watching: boolean): void {
  useMessages.setState(({ inbox, loaded }) => ({ watching, inbox: watching && loaded ? withLookedAt(inbox) : inbox }));
}

function open(user: string): void {
  close();
  useMessages.setState({ ...initialState, user, inbox: emptyInbox(savedMarks(user)) });
  const marks = new SharedMarks(user, (theirs) => changeInbox((inbox) => withMarks(inbox, theirs)));
  const stopKeeping = useMessages.subscribe(({ inbox, removing }, before) => {
    if (inbox !== before.inbox || removing !== before.removing) {
      marks.save(inbox.marks);
      setUnread("messages", unreadCount(without(inbox, removing)));
    }
  });
  const topic = topicOf(user);
  const unfollow = follow({ topic, snapshot: (signal) => readHistory(topic, signal), onEvents: storeEvents });
  unsubscribe = () => {
    unfollow();
    stopKeeping();
    marks.close();
  };
}

function close(): void {
  commitRemoval();
  unsubscribe?.();
  unsubscribe = undefined;
  useMessages.setState(initialState);
  setUnread("messages", 0);
}

/** Shows the history once it is complete: a list that grows page by page would move while it is read. */
async function readHistory(topic: string, signal: AbortSignal): Promise<string | null> {
  const { inbox } = useMessages.getState();
  const pages: Page[] = [];
  try {
    for await (const page of pagesAfter(topic, { epoch: inbox.epoch, last: lastOffset(inbox) }, signal)) {
      signal.throwIfAborted();
      pages.push(page);
    }
  } catch (error) {
    if (!signal.aborted) {
      useMessages.setState({ error });
    }
    throw error;
  }
  useMessages.setState(({ inbox: now, watching }) => {
    const after = pages.reduce((sum, { epoch, messages }) => withMessages(sum, epoch, messages), now);
    return { loaded: true, error: null, inbox: watching ? withLookedAt(after) : after };
  });
  return pages.at(-1)?.cursor ?? null;
}

function storeEvents(events: readonly LiveEvent[]): void {
  const { inbox, watching } = useMessages.getState();
  let after = inbox;
  for (const [epoch, messages] of byEpoch(events)) {
    after = withMessages(after, epoch, messages);
  }
  useMessages.setState({ inbox: watching ? withSeen(after) : after });
}

function byEpoch(events: readonly LiveEvent[]): Map<string, Message[]> {
  const epochs = new Map<string, Message[]>();
  for (const { epoch, offset, type, time, data } of events) {
    const messages = epochs.get(epoch) ?? [];
    messages.push({ offset, source: sourceOf(type), time, text: data });
    epochs.set(epoch, messages);
  }
  return epochs;
}
