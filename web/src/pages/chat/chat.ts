// SPDX-License-Identifier: Apache-2.0
import { t } from "@lingui/core/macro";
import { useStore } from "zustand";
import { readAnswer, request } from "#/api/http";
import { nextFrame } from "#/live/batch";
import { addTransport, setUnanswered, setWaiting } from "#/live/connections";
import { ClockEstimate, serverNow, setClockOffset } from "#/live/serverClock";
import { setUnread } from "#/live/unread";
import { browserStorage, tabStorage } from "#/settings/storage";
import { browser, environment } from "#/transport/browser";
import { Outbox, sessionOutboxStorage } from "#/transport/outbox";
import { Socket } from "#/transport/socket";
import { announce } from "#/ui/announcer";
import { ChatStorage } from "./chatStorage";
import { isStuck, newlyStuck, type Outgoing } from "./outgoing";
import { memberPage, roomUrl, type User } from "./protocol";
import { ChatSession } from "./session";
import type { ChatState } from "./state";

/** Between two pings, in ms: after 2.5 of them without data the connection is shown as stale. */
const pingTime = 10_000;

/** The chat of this tab. It lives as long as the tab: the user stays in the room while on other pages. */
export const chat = createChat();

export function useChat<Part>(select: (state: ChatState) => Part): Part {
  return useStore(chat.session.store, select);
}

function createChat() {
  const clock = new ClockEstimate();
  const storage = new ChatStorage(tabStorage, browserStorage);
  const outbox = new Outbox<string>({
    environment,
    send: (id, text) => session.transmit(id, text),
    storage: sessionOutboxStorage("howl.chat.outbox"),
  });
  const socket = new Socket({
    environment,
    browser,
    url: () => `${window.location.origin.replace(/^http/, "ws")}${roomUrl}/ws`,
    ping: {
      every: pingTime,
      text: '{"type":"ping"}',
      // Before the registration a ping is answered, too.
      isPong: (text) => text.startsWith('{"type":"pong"') || text.startsWith('{"type":"error","code":"not_registered"'),
    },
    onOpen: () => session.opened(),
    onMessage: (text) => session.receive(text),
    onClose: () => session.closed(),
  });
  const session = new ChatSession({
    socket,
    outbox,
    storage,
    serverNow,
    onServerTime: (time) => setClockOffset(clock.add(time, Date.now())),
    roster,
    environment,
    nextFrame,
  });
  addTransport("chat", socket.transport);
  socket.transport.status.subscribe(({ state, reason }) => {
    if (state === "blocked" && reason !== null) {
      session.blocked(reason);
    }
  });
  session.store.subscribe(({ reading }) => setUnread("chat", reading.unread));
  outbox.store.subscribe(({ items, unansweredSince }, before) => {
    const unsent = items.filter(isStuck).length;
    setWaiting("chat", items.length - unsent, unsent);
    setUnanswered("chat", unansweredSince);
    announceStuck(newlyStuck(items, before.items));
  });
  return { session, outbox, storage };
}

async function roster(): Promise<readonly User[]> {
  const all: User[] = [];
  for (let query = ""; ; ) {
    const answer = await request(`${roomUrl}/members${query}`);
    const { members, next } = await readAnswer(answer, memberPage);
    all.push(...members);
    if (next === undefined) {
      return all;
    }
    query = `?after=${next}`;
  }
}

/** On every page: the user believes that the message was sent. */
function announceStuck(stuck: readonly Outgoing[]): void {
  for (const { value, state } of stuck) {
    announce(state === "asking" ? t`A message waits for your decision: ${value}` : t`A message was not sent: ${value}`);
  }
}
