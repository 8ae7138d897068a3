// SPDX-License-Identifier: Apache-2.0
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";
import { setUnread } from "#/live/unread";
import { type Page, pagesBehind } from "./history";
import {
  arrived,
  emptyInbox,
  lastOffset,
  looked,
  type Message,
  sourceOf,
  told,
  unreadCount,
  watched,
  without,
} from "./inbox";
import { rememberedMarks, rememberedUser, rememberUser, SharedMarks } from "./memory";
import { leaveForGood } from "./removal";
import { changeInbox, nobody, useMessages } from "./store";
import { topicOf } from "./topicName";

let leave: (() => void) | undefined;

/** Opens the inbox of the person this browser remembers; the shell calls it, so that news are counted on every page. */
export function watchRemembered(): void {
  const user = rememberedUser();
  if (user !== null && useMessages.getState().user === null) {
    open(user);
  }
}

/** Becomes `user`, here and after a reload. */
export function become(user: string): void {
  rememberUser(user);
  open(user);
}

export function becomeNobody(): void {
  rememberUser(null);
  close();
}

/** Tells whether somebody is looking at the list. */
export function setWatching(watching: boolean): void {
  useMessages.setState(({ inbox, loaded }) => ({ watching, inbox: watching && loaded ? looked(inbox) : inbox }));
}

function open(user: string): void {
  close();
  useMessages.setState({ ...nobody, user, inbox: emptyInbox(rememberedMarks(user)) });
  const marks = new SharedMarks(user, (theirs) => changeInbox((inbox) => told(inbox, theirs)));
  const stopKeeping = useMessages.subscribe(({ inbox, leaving }, before) => {
    if (inbox !== before.inbox || leaving !== before.leaving) {
      marks.keep(inbox.marks);
      setUnread("messages", unreadCount(without(inbox, leaving)));
    }
  });
  const topic = topicOf(user);
  const unfollow = follow({ topic, snapshot: (signal) => read(topic, signal), onEvents: take });
  leave = () => {
    unfollow();
    stopKeeping();
    marks.close();
  };
}

function close(): void {
  leaveForGood();
  leave?.();
  leave = undefined;
  useMessages.setState(nobody);
  setUnread("messages", 0);
}

/** Shows the history once it is there as a whole: a list that grows page by page would run under the reader's eyes. */
async function read(topic: string, signal: AbortSignal): Promise<string | null> {
  const { inbox } = useMessages.getState();
  const pages: Page[] = [];
  try {
    for await (const page of pagesBehind(topic, { epoch: inbox.epoch, last: lastOffset(inbox) }, signal)) {
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
    const after = pages.reduce((sum, { epoch, messages }) => arrived(sum, epoch, messages), now);
    return { loaded: true, error: null, inbox: watching ? looked(after) : after };
  });
  return pages.at(-1)?.cursor ?? null;
}

function take(events: readonly LiveEvent[]): void {
  const { inbox, watching } = useMessages.getState();
  let after = inbox;
  for (const [epoch, messages] of byEpoch(events)) {
    after = arrived(after, epoch, messages);
  }
  useMessages.setState({ inbox: watching ? watched(after) : after });
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
