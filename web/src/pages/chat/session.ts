// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import type { NextFrame } from "#/live/batch";
import type { Environment } from "#/transport/types";
import type { ChatStorage } from "./chatStorage";
import { Feed, newMessages } from "./feed";
import { HistoryLoad } from "./historyLoad";
import type { Outgoings } from "./outgoing";
import { type ClientMessage, parseServerMessage, type ServerMessage, type User, type WireMessage } from "./protocol";
import { markAllSeen, setWatching } from "./reading";
import { Replay } from "./replay";
import { epochOf, isContiguous, type Message, typingHolds } from "./room";
import { Roster } from "./roster";
import { SentMessages } from "./sentMessages";
import { type ChatState, firstState } from "./state";

/** What the session needs of the socket. */
export interface ChatSocket {
  start(): void;
  stop(): void;
  reopen(): void;
  send(text: string): boolean;
  /** Replay has ended; `complete` is false where messages were gone. */
  recovered(events: number, complete: boolean): void;
}

export interface SessionDependencies {
  socket: ChatSocket;
  outbox: Outgoings;
  storage: ChatStorage;
  environment: Environment;
  nextFrame: NextFrame;
  /** Now on the server's clock. */
  serverNow: () => number;
  /** The server sent the time of its clock, in ms. */
  onServerTime: (time: number) => void;
  /** Fetches all members, where the room is too large for a snapshot. */
  roster: () => Promise<readonly User[]>;
}

const historyPage = 50;
/** Between two `typing` messages, in ms. */
const typingInterval = 3000;

/** This tab's membership of the room: registers, rejoins after every lost connection, and sends messages. */
export class ChatSession {
  readonly store: StoreApi<ChatState>;
  readonly feed: Feed;
  /** The cursor from which a rejoin resumes; null: with a snapshot. */
  private cursor: string | null = null;
  private name: string;
  private typedAt = Number.NEGATIVE_INFINITY;
  private readonly sent: SentMessages;
  private readonly replay: Replay;
  private readonly roster: Roster;
  private readonly historyLoad: HistoryLoad;

  constructor(private readonly dependencies: SessionDependencies) {
    const { storage, environment, nextFrame } = dependencies;
    this.name = storage.membership?.name ?? "";
    this.store = createStore<ChatState>()(() => firstState(storage.membership));
    this.feed = new Feed(this.store, environment, nextFrame);
    this.sent = new SentMessages(dependencies.outbox, environment.now);
    this.roster = new Roster(dependencies.roster, (members) => this.feed.add({ kind: "roster", members }));
    this.historyLoad = new HistoryLoad(environment, (loadingOlder) => this.update({ loadingOlder }));
    this.replay = new Replay(environment, dependencies.serverNow, (messages) =>
      dependencies.socket.recovered(messages, true),
    );
  }

  // --- Actions of the user ---

  /** Rejoins with the membership from before the page was loaded, if there was one. */
  resume(): void {
    if (this.store.getState().phase === "rejoining") {
      this.dependencies.socket.start();
    }
  }
  /** Registers. A name that this browser has a membership for rejoins as that member. */
  join(name: string): void {
    const { storage } = this.dependencies;
    const shared = storage.membershipByName(name);
    if (shared) {
      this.cursor = null;
      storage.membership = { ...shared, ids: [...shared.ids, ...this.store.getState().ids] };
    } else if (name !== this.name) {
      this.forgetToken();
    }
    this.name = shared?.name ?? name;
    this.update({ phase: "registering", refusal: null });
    this.dependencies.socket.start();
  }
  /** Leaves the room and gives up the name, in all tabs of this membership. */
  leave(): void {
    if (!this.write({ type: "leave" })) {
      this.onLeft();
    }
  }
  send(text: string): void {
    this.dependencies.outbox.add(text);
    this.update({ reading: markAllSeen(this.store.getState().reading) });
    this.typedAt = Number.NEGATIVE_INFINITY;
  }
  typing(): void {
    const now = this.dependencies.environment.now();
    if (this.store.getState().connected && now - this.typedAt >= typingInterval) {
      this.typedAt = now;
      this.write({ type: "typing" });
    }
  }
  loadOlder(): void {
    const { room, connected, loadingOlder } = this.store.getState();
    const first = room.messages[0];
    if (connected && room.more && !loadingOlder && first) {
      this.historyLoad.requested(this.write({ type: "history", before: first.offset, limit: historyPage }));
    }
  }
  /** Whether the newest message is visible to the user. */
  setWatching(watching: boolean): void {
    this.update({ reading: setWatching(this.store.getState().reading, watching) });
  }
  markAllSeen(): void {
    this.update({ reading: markAllSeen(this.store.getState().reading) });
  }

  // --- Events of the socket ---

  opened(): void {
    const token = this.dependencies.storage.membership?.token;
    if (token) {
      this.write({ type: "rejoin", token, ...(this.cursor === null ? {} : { cursor: this.cursor }) });
    } else {
      this.write({ type: "register", name: this.name });
    }
  }
  closed(): void {
    this.replay.cancel();
    this.feed.add({ kind: "typingExpired", now: Number.POSITIVE_INFINITY });
    this.feed.flush();
    this.historyLoad.ended();
    this.update({ connected: false });
    this.dependencies.outbox.connectionDown();
  }
  /** The server refuses the connection; a registered user sees it in the banner. */
  blocked(code: string): void {
    if (this.store.getState().phase === "registering") {
      this.askForName({ code, name: this.name, suggestion: "" });
    }
  }
  /** Sends an item of the outbox. */
  transmit(id: string, text: string): boolean {
    this.sent.transmitted(id);
    return this.write({ type: "send", id, text });
  }
  receive(text: string): void {
    const message = parseServerMessage(text);
    if (message === null) {
      return;
    }
    if ("cursor" in message) {
      this.cursor = message.cursor;
    }
    this.handle(message);
  }

  private handle(message: ServerMessage): void {
    switch (message.type) {
      case "registered":
        this.onRegistered(message.user, message.token);
        break;
      case "snapshot":
        this.onSnapshot(message);
        break;
      case "resumed":
        this.onResumed();
        break;
      case "refused":
        this.onRefused(message);
        break;
      case "message":
        this.onMessage(message);
        break;
      case "ack":
        this.onAck(message);
        break;
      case "join":
        this.feed.add({ kind: "join", user: message.user });
        break;
      case "leave":
        this.roster.left(message.user.id);
        this.feed.add({ kind: "leave", user: message.user });
        break;
      case "typing":
        this.onTyping(message.user);
        break;
      case "history":
        this.onHistory(message);
        break;
      case "left":
        this.onLeft();
        break;
      case "reset":
        this.cursor = null;
        this.dependencies.socket.reopen();
        break;
      case "pong":
        this.dependencies.onServerTime(Date.parse(message.time));
        break;
      case "error":
        this.onError(message);
        break;
    }
  }

  // --- Registration ---

  private onRegistered(user: User, token: string | undefined): void {
    const { storage } = this.dependencies;
    const ids = new Set(storage.membership?.ids).add(user.id);
    storage.membership = { name: user.name, token: token ?? storage.membership?.token ?? null, ids: [...ids] };
    this.name = user.name;
    this.update({ me: user, ids });
  }
  private onSnapshot(event: Extract<ServerMessage, { type: "snapshot" }>): void {
    const { room } = this.store.getState();
    const messages = event.messages.map((message) => this.confirmed(message));
    const snapshot = {
      kind: "snapshot",
      epoch: epochOf(event.cursor),
      members: event.members,
      messages,
      more: event.more,
    } as const;
    this.feed.add(snapshot);
    this.feed.flush();
    this.onJoined();
    const news = newMessages(this.store.getState().room, room).length;
    this.dependencies.socket.recovered(news, room.epoch === null || isContiguous(room, snapshot));
    if (event.moreMembers) {
      void this.roster.load();
    }
  }
  private onResumed(): void {
    this.replay.begin();
    this.onJoined();
  }
  private onJoined(): void {
    this.update({ phase: "registered", connected: true, refusal: null });
    this.dependencies.outbox.connectionUp();
  }
  private onRefused(refusal: Extract<ServerMessage, { type: "refused" }>): void {
    if (refusal.code === "unknown_token") {
      this.forgetToken();
      this.write({ type: "register", name: this.name });
      return;
    }
    this.askForName({ code: refusal.code, name: refusal.name ?? this.name, suggestion: refusal.suggestion ?? "" });
  }
  private onError({ code, id }: Extract<ServerMessage, { type: "error" }>): void {
    if (id !== undefined) {
      this.dependencies.outbox.refused(id, code);
    } else if (this.store.getState().connected) {
      this.historyLoad.refused();
    } else if (code === "not_registered") {
      // The answer to a ping that was sent before the registration.
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
  /** The room stays behind the dialog, and unsent messages are kept. */
  private askForName(refusal: ChatState["refusal"]): void {
    this.dependencies.socket.stop();
    this.update({ phase: "unregistered", refusal });
  }
  private forgetToken(): void {
    this.cursor = null;
    this.dependencies.storage.forgetToken();
  }

  // --- Messages ---

  private onMessage(wireMessage: WireMessage): void {
    const message = this.confirmed(wireMessage);
    this.feed.add({ kind: "message", message });
    if (message.sentHere) {
      // In the same frame in which the pending copy is removed.
      this.feed.flush();
    }
    this.replay.count(message);
  }
  private onAck({ id, offset, time }: Extract<ServerMessage, { type: "ack" }>): void {
    const { me } = this.store.getState();
    const item = this.sent.outgoing(id);
    if (item && me) {
      const message = this.confirmed({ offset, time, user: me, text: item.value, clientId: id });
      this.feed.add({ kind: "stored", message });
      this.feed.flush();
    }
  }
  private confirmed(wire: WireMessage): Message {
    return this.sent.confirm(wire, this.store.getState().ids);
  }
  private onTyping(user: User): void {
    if (user.id !== this.store.getState().me?.id) {
      this.feed.add({ kind: "typing", user, until: this.dependencies.environment.now() + typingHolds });
      this.dependencies.environment.setTimeout(
        () => this.feed.add({ kind: "typingExpired", now: this.dependencies.environment.now() }),
        typingHolds,
      );
    }
  }
  private onHistory({ before = 0, messages, more }: Extract<ServerMessage, { type: "history" }>): void {
    this.feed.add({ kind: "older", before, messages: messages.map((message) => this.confirmed(message)), more });
    this.feed.flush();
    this.historyLoad.ended();
  }

  private write(message: ClientMessage): boolean {
    return this.dependencies.socket.send(JSON.stringify(message));
  }
  private update(part: Partial<ChatState>): void {
    this.store.setState(part);
  }
}
