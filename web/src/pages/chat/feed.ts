// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";
import { Batch, type NextFrame } from "#/live/batch";
import type { Environment } from "#/transport/types";
import { withMessages } from "./reading";
import { apply, type Message, messagesKept, messagesKeptReading, type Room, type RoomEvent } from "./room";
import type { ChatState } from "./state";

type Listener = (messages: readonly Message[]) => void;

/** Reduces the server's messages into the store, all of one frame in one step. */
export class Feed {
  private readonly batch: Batch<RoomEvent>;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly store: StoreApi<ChatState>,
    environment: Environment,
    nextFrame: NextFrame,
  ) {
    this.batch = new Batch<RoomEvent>(environment, nextFrame, (events) => this.fold(events));
  }

  add(event: RoomEvent): void {
    this.batch.add(event);
  }
  /** Applies all queued events at once. */
  flush(): void {
    this.batch.flush();
  }
  /** Notifies of new messages of others, for announcements, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private fold(events: readonly RoomEvent[]): void {
    const { room, reading, ids } = this.store.getState();
    const folded = events.reduce(apply, room);
    const news = newMessages(folded, room);
    const isOwn = (message: Message) => ids.has(message.user.id);
    this.store.setState({
      room: apply(folded, { kind: "trim", keep: reading.watching ? messagesKept : messagesKeptReading }),
      reading: withMessages(reading, news, isOwn),
    });
    const others = news.filter((message) => !isOwn(message));
    for (const listener of others.length > 0 ? this.listeners : []) {
      listener(others);
    }
  }
}

/** The messages after the last one of `before`; none in a room that is shown for the first time. */
export function newMessages(room: Room, before: Room): readonly Message[] {
  const last = before.messages.at(-1)?.offset ?? 0;
  return before.epoch === room.epoch ? room.messages.filter((message) => message.offset > last) : [];
}
