// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import type { NextFrame } from "#/live/batch";
import type { Surroundings } from "#/transport/types";
import { Feed, newIn } from "./feed";
import type { Memory } from "./memory";
import { Older } from "./older";
import type { Outgoings } from "./outgoing";
import { type Heard, parseHeard, type Said, type User, type WireMessage } from "./protocol";
import { seenAll, watch } from "./reading";
import { Replay } from "./replay";
import { epochOf, type Message, meets, typingHolds } from "./room";
import { Roster } from "./roster";
import { Sent } from "./sent";
import { type ChatState, firstState } from "./state";

/** What the session needs of the socket. */
export interface ChatSocket {
  start(): void;
  stop(): void;
  reopen(): void;
  send(text: string): boolean;
  /** All that was missed has come, or could not be had (`complete`). */
  recovered(events: number, complete: boolean): void;
}

export interface SessionParts {
  socket: ChatSocket;
  outbox: Outgoings;
  memory: Memory;
  surroundings: Surroundings;
  nextFrame: NextFrame;
  /** Now on the server's clock. */
  serverNow: () => number;
  /** The server said what its clock says, ms. */
  onServerTime: (time: number) => void;
  /** All members, where the room is too large for a snapshot. */
  roster: () => Promise<readonly User[]>;
}

const historyPage = 50;
/** Between two signs of typing, in ms. */
const typingPause = 3000;

/** This tab's membership of the room: gets in, comes back after every drop, says what the person says. */
export class ChatSession {
  readonly store: StoreApi<ChatState>;
  readonly feed: Feed;
  /** Where a rejoin goes on from; null: with a snapshot. */
  private cursor: string | null = null;
  private name: string;
  private typedAt = Number.NEGATIVE_INFINITY;
  private readonly sent: Sent;
  private readonly replay: Replay;
  private readonly roster: Roster;
  private readonly older: Older;

  constructor(private readonly parts: SessionParts) {
    const { memory, surroundings, nextFrame } = parts;
    this.name = memory.membership?.name ?? "";
    this.store = createStore<ChatState>()(() => firstState(memory.membership));
    this.feed = new Feed(this.store, surroundings, nextFrame);
    this.sent = new Sent(parts.outbox, surroundings.now);
    this.roster = new Roster(parts.roster, (members) => this.feed.add({ kind: "roster", members }));
    this.older = new Older(surroundings, (loadingOlder) => this.put({ loadingOlder }));
    this.replay = new Replay(surroundings, parts.serverNow, (messages) => parts.socket.recovered(messages, true));
  }

  // --- What the person does ---

  /** Comes back with the membership of before the page was loaded, if there was one. */
  resume(): void {
    if (this.store.getState().phase === "returning") {
      this.parts.socket.start();
    }
  }
  enter(name: string): void {
    if (name !== this.name) {
      this.forgetToken();
    }
    this.name = name;
    this.put({ phase: "entering", refusal: null });
    this.parts.socket.start();
  }
  /** Leaves the room and its name, in all tabs of this membership. */
  leave(): void {
    if (!this.say({ type: "leave" })) {
      this.onLeft();
    }
  }
  send(text: string): void {
    this.parts.outbox.add(text);
    this.put({ reading: seenAll(this.store.getState().reading) });
    this.typedAt = Number.NEGATIVE_INFINITY;
  }
  typing(): void {
    const now = this.parts.surroundings.now();
    if (this.store.getState().joined && now - this.typedAt >= typingPause) {
      this.typedAt = now;
      this.say({ type: "typing" });
    }
  }
  loadOlder(): void {
    const { room, joined, loadingOlder } = this.store.getState();
    const first = room.messages[0];
    if (joined && room.more && !loadingOlder && first) {
      this.older.asked(this.say({ type: "history", before: first.offset, limit: historyPage }));
    }
  }
  /** Whether the newest message is before the person's eyes. */
  watch(watching: boolean): void {
    this.put({ reading: watch(this.store.getState().reading, watching) });
  }
  seenAll(): void {
    this.put({ reading: seenAll(this.store.getState().reading) });
  }

  // --- What the socket does ---

  opened(): void {
    const token = this.parts.memory.membership?.token;
    if (token) {
      this.say({ type: "rejoin", token, ...(this.cursor === null ? {} : { cursor: this.cursor }) });
    } else {
      this.say({ type: "register", name: this.name });
    }
  }
  closed(): void {
    this.replay.cancel();
    this.feed.add({ kind: "silence", now: Number.POSITIVE_INFINITY });
    this.feed.flush();
    this.older.ended();
    this.put({ joined: false });
    this.parts.outbox.connectionDown();
  }
  /** The server refuses to talk at all; who is inside learns it from the banner. */
  blocked(code: string): void {
    if (this.store.getState().phase === "entering") {
      this.askForName({ code, name: this.name, suggestion: "" });
    }
  }
  /** What an item of the outbox does to get to the server. */
  transmit(id: string, text: string): boolean {
    this.sent.transmitted(id);
    return this.say({ type: "send", id, text });
  }
  heard(text: string): void {
    const word = parseHeard(text);
    if (word === null) {
      return;
    }
    if ("cursor" in word) {
      this.cursor = word.cursor;
    }
    this.obey(word);
  }

  private obey(word: Heard): void {
    switch (word.type) {
      case "registered":
        this.onRegistered(word.user, word.token);
        break;
      case "snapshot":
        this.onSnapshot(word);
        break;
      case "resumed":
        this.onResumed();
        break;
      case "refused":
        this.onRefused(word);
        break;
      case "message":
        this.onMessage(word);
        break;
      case "ack":
        this.onAck(word);
        break;
      case "join":
        this.feed.add({ kind: "join", user: word.user });
        break;
      case "leave":
        this.roster.left(word.user.id);
        this.feed.add({ kind: "leave", user: word.user });
        break;
      case "typing":
        this.onTyping(word.user);
        break;
      case "history":
        this.onHistory(word);
        break;
      case "left":
        this.onLeft();
        break;
      case "reset":
        this.cursor = null;
        this.parts.socket.reopen();
        break;
      case "pong":
        this.parts.onServerTime(Date.parse(word.time));
        break;
      case "error":
        this.onError(word);
        break;
    }
  }

  // --- Getting in ---

  private onRegistered(user: User, token: string | undefined): void {
    const { memory } = this.parts;
    const ids = new Set(this.store.getState().ids).add(user.id);
    memory.membership = { name: user.name, token: token ?? memory.membership?.token ?? null, ids: [...ids] };
    this.name = user.name;
    this.put({ me: user, ids });
  }
  private onSnapshot(word: Extract<Heard, { type: "snapshot" }>): void {
    const { room } = this.store.getState();
    const messages = word.messages.map((message) => this.settled(message));
    const snapshot = {
      kind: "snapshot",
      epoch: epochOf(word.cursor),
      members: word.members,
      messages,
      more: word.more,
    } as const;
    this.feed.add(snapshot);
    this.feed.flush();
    this.onInside();
    const news = newIn(this.store.getState().room, room).length;
    this.parts.socket.recovered(news, room.epoch === null || meets(room, snapshot));
    if (word.moreMembers) {
      void this.roster.ask();
    }
  }
  private onResumed(): void {
    this.replay.begin();
    this.onInside();
  }
  private onInside(): void {
    this.put({ phase: "inside", joined: true, refusal: null });
    this.parts.outbox.connectionUp();
  }
  private onRefused(word: Extract<Heard, { type: "refused" }>): void {
    if (word.code === "unknown_token") {
      this.forgetToken();
      this.say({ type: "register", name: this.name });
      return;
    }
    this.askForName({ code: word.code, name: word.name ?? this.name, suggestion: word.suggestion ?? "" });
  }
  private onError({ code, id }: Extract<Heard, { type: "error" }>): void {
    if (id !== undefined) {
      this.parts.outbox.refused(id, code);
    } else if (this.store.getState().joined) {
      this.older.refused();
    } else if (code === "not_registered") {
      // The answer to a ping that was faster than we.
    } else if (code === "invalid_cursor") {
      this.cursor = null;
      this.opened();
    } else {
      this.askForName({ code, name: this.name, suggestion: "" });
    }
  }
  private onLeft(): void {
    this.forgetToken();
    this.askForName(null);
  }
  /** The room stays behind the question, and so does what was not sent. */
  private askForName(refusal: ChatState["refusal"]): void {
    this.parts.socket.stop();
    this.put({ phase: "nameless", refusal });
  }
  private forgetToken(): void {
    const { memory } = this.parts;
    this.cursor = null;
    if (memory.membership) {
      memory.membership = { ...memory.membership, token: null };
    }
  }

  // --- What is told ---

  private onMessage(word: WireMessage): void {
    const message = this.settled(word);
    this.feed.add({ kind: "message", message });
    if (message.sentHere) {
      // In the same picture in which the pending copy goes.
      this.feed.flush();
    }
    this.replay.count(message);
  }
  private onAck({ id, offset, time }: Extract<Heard, { type: "ack" }>): void {
    const { me } = this.store.getState();
    const item = this.sent.outgoing(id);
    if (item && me) {
      const message = this.settled({ offset, time, user: me, text: item.value, clientId: id });
      this.feed.add({ kind: "stored", message });
      this.feed.flush();
    }
  }
  private settled(wire: WireMessage): Message {
    return this.sent.settle(wire, this.store.getState().ids);
  }
  private onTyping(user: User): void {
    if (user.id !== this.store.getState().me?.id) {
      this.feed.add({ kind: "typing", user, until: this.parts.surroundings.now() + typingHolds });
      this.parts.surroundings.setTimeout(
        () => this.feed.add({ kind: "silence", now: this.parts.surroundings.now() }),
        typingHolds,
      );
    }
  }
  private onHistory({ before = 0, messages, more }: Extract<Heard, { type: "history" }>): void {
    this.feed.add({ kind: "older", before, messages: messages.map((message) => this.settled(message)), more });
    this.feed.flush();
    this.older.ended();
  }

  private say(word: Said): boolean {
    return this.parts.socket.send(JSON.stringify(word));
  }
  private put(part: Partial<ChatState>): void {
    this.store.setState(part);
  }
}
