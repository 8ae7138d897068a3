// SPDX-License-Identifier: Apache-2.0
import { t } from "@lingui/core/macro";
import { useStore } from "zustand";
import { request } from "#/api/http";
import { nextFrame } from "#/live/batch";
import { addWire, setWaiting } from "#/live/connections";
import { ClockEstimate, serverNow, setClockOffset } from "#/live/serverClock";
import { setUnread } from "#/live/unread";
import { browserKeeper, tabKeeper } from "#/settings/storage";
import { browser, surroundings } from "#/transport/browser";
import { Outbox, tabMemory } from "#/transport/outbox";
import { Socket } from "#/transport/socket";
import { announce } from "#/ui/announcer";
import { Memory } from "./memory";
import { isStuck, newlyStuck, type Outgoing } from "./outgoing";
import { roomUrl, type User } from "./protocol";
import { ChatSession } from "./session";
import type { ChatState } from "./state";

/** Between two pings, in ms: silence for 2.5 of them is told. */
const pingTime = 10_000;

/** The chat of this tab. It lives as long as the tab does: one stays in the room while one looks at other pages. */
export const chat = begin();

export function useChat<Part>(select: (state: ChatState) => Part): Part {
  return useStore(chat.session.store, select);
}

function begin() {
  const clock = new ClockEstimate();
  const memory = new Memory(tabKeeper, browserKeeper);
  const outbox = new Outbox<string>({
    surroundings,
    send: (id, text) => session.transmit(id, text),
    memory: tabMemory("howl.chat.outbox"),
  });
  const socket = new Socket({
    surroundings,
    browser,
    url: () => `${window.location.origin.replace(/^http/, "ws")}${roomUrl}/ws`,
    ping: {
      every: pingTime,
      text: '{"type":"ping"}',
      // Who is not registered yet gets an answer, too.
      isPong: (text) => text.startsWith('{"type":"pong"') || text.startsWith('{"type":"error","code":"not_registered"'),
    },
    onOpen: () => session.opened(),
    onMessage: (text) => session.heard(text),
    onClose: () => session.closed(),
  });
  const session = new ChatSession({
    socket,
    outbox,
    memory,
    serverNow,
    onServerTime: (time) => setClockOffset(clock.add(time, Date.now())),
    roster,
    surroundings,
    nextFrame,
  });
  addWire("chat", socket.wire);
  socket.wire.connection.subscribe(({ state, reason }) => {
    if (state === "blocked" && reason !== null) {
      session.blocked(reason);
    }
  });
  session.store.subscribe(({ reading }) => setUnread("chat", reading.unread));
  outbox.store.subscribe(({ items }, before) => {
    const unsent = items.filter(isStuck).length;
    setWaiting("chat", items.length - unsent, unsent);
    speakOf(newlyStuck(items, before.items));
  });
  return { session, outbox, memory };
}

async function roster(): Promise<readonly User[]> {
  const answer = await request(`${roomUrl}/members`);
  return ((await answer.json()) as { members: User[] }).members;
}

/** Whatever page is shown: the person went on in the belief that it was sent. */
function speakOf(stuck: readonly Outgoing[]): void {
  for (const { value, state } of stuck) {
    announce(state === "asking" ? t`A message waits for your decision: ${value}` : t`A message was not sent: ${value}`);
  }
}
