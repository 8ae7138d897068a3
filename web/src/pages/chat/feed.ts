// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";
import { arrived } from "./reading";
import { apply, type Message, messagesKept, messagesKeptReading, type Room, type RoomEvent } from "./room";
import type { ChatState } from "./state";

type Listener = (messages: readonly Message[]) => void;

/** Folds what the server says into the store: all that came since the last picture in one step. */
export class Feed {
  private waiting: RoomEvent[] = [];
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly store: StoreApi<ChatState>,
    /** Calls before the next picture is drawn. */
    private readonly soon: (callback: () => void) => void,
  ) {}

  add(event: RoomEvent): void {
    if (this.waiting.push(event) === 1) {
      this.soon(() => this.flush());
    }
  }
  /** At once, with all that waits before it. */
  flush(): void {
    const events = this.waiting;
    this.waiting = [];
    if (events.length === 0) {
      return;
    }
    const { room, reading, ids } = this.store.getState();
    const folded = events.reduce(apply, room);
    const news = newIn(folded, room);
    const mine = (message: Message) => ids.has(message.user.id);
    this.store.setState({
      room: apply(folded, { kind: "trim", keep: reading.watching ? messagesKept : messagesKeptReading }),
      reading: arrived(reading, news, mine),
    });
    const others = news.filter((message) => !mine(message));
    for (const listener of others.length > 0 ? this.listeners : []) {
      listener(others);
    }
  }
  /** New messages of others, for those who listen rather than look; until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** What came after the last message that was there; nothing in a room that is shown for the first time. */
export function newIn(room: Room, before: Room): readonly Message[] {
  const last = before.messages.at(-1)?.offset ?? 0;
  return before.epoch === room.epoch ? room.messages.filter((message) => message.offset > last) : [];
}
