// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";
import { Batch, type NextFrame } from "#/live/batch";
import type { Surroundings } from "#/transport/types";
import { arrived } from "./reading";
import { apply, type Message, messagesKept, messagesKeptReading, type Room, type RoomEvent } from "./room";
import type { ChatState } from "./state";

type Listener = (messages: readonly Message[]) => void;

/** Folds what the server says into the store: all that came since the last picture in one step. */
export class Feed {
  private readonly batch: Batch<RoomEvent>;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly store: StoreApi<ChatState>,
    surroundings: Surroundings,
    nextFrame: NextFrame,
  ) {
    this.batch = new Batch<RoomEvent>(surroundings, nextFrame, (events) => this.fold(events));
  }

  add(event: RoomEvent): void {
    this.batch.add(event);
  }
  /** At once, with all that waits before it. */
  flush(): void {
    this.batch.flush();
  }
  /** New messages of others, for those who listen rather than look; until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private fold(events: readonly RoomEvent[]): void {
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
}

/** What came after the last message that was there; nothing in a room that is shown for the first time. */
export function newIn(room: Room, before: Room): readonly Message[] {
  const last = before.messages.at(-1)?.offset ?? 0;
  return before.epoch === room.epoch ? room.messages.filter((message) => message.offset > last) : [];
}
