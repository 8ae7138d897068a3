// SPDX-License-Identifier: Apache-2.0
import type { ChatReply } from "#/contract/shapes";
import { browserStorage, type SafeStorage, tabStorage } from "#/settings/storage";
import { Outbox } from "#/transport/outbox";
import type { Environment } from "#/transport/types";
import { ChatStorage } from "./chatStorage";
import type { ClientMessage, User, WireMessage } from "./protocol";
import { ChatSession } from "./session";

export const anna: User = { id: "1", name: "Anna" };
export const ivan: User = { id: "2", name: "Ivan" };

export function wireMessage(offset: number, rest: Partial<WireMessage> = {}): WireMessage {
  return { offset, time: new Date(offset * 1000).toISOString(), user: ivan, text: `text ${offset}`, ...rest };
}

export function snapshotOf(...members: User[]): ChatReply {
  return { type: "snapshot", cursor: "e.1.v.1", members, messages: [], more: false };
}

/** The interval of batches, in ms. */
const burst = 50;

/** For tests: a session whose server is the test, with a clock that the test advances. */
export class SessionRig {
  now = 0;
  running = false;
  reopened = 0;
  isOpen = false;
  readonly sent: ClientMessage[] = [];
  readonly serverTimes: number[] = [];
  readonly recovered: [number, boolean][] = [];
  readonly memory: ChatStorage;
  readonly outbox: Outbox<string>;
  readonly session: ChatSession;
  readonly members: User[] = [];
  private timers: { at: number; callback: () => void }[] = [];
  private frame: (() => void) | null = null;
  private ids = 0;

  constructor(tab: SafeStorage = tabStorage, browser: SafeStorage = browserStorage) {
    this.memory = new ChatStorage(tab, browser);
    const environment: Environment = {
      now: () => this.now,
      random: () => 0,
      setTimeout: (callback, ms) => this.timers.push({ at: this.now + ms, callback }),
      clearTimeout: (id) => this.cancel(id),
    };
    this.outbox = new Outbox<string>({
      environment,
      send: (id, text) => this.session.transmit(id, text),
      newId: () => `c-${++this.ids}`,
    });
    this.session = new ChatSession({
      socket: {
        start: () => {
          this.running = true;
        },
        stop: () => {
          this.running = false;
          this.drop();
        },
        reopen: () => {
          ++this.reopened;
          this.drop();
        },
        send: (text) => this.isOpen && this.sent.push(JSON.parse(text) as ClientMessage) > 0,
        recovered: (events, complete) => this.recovered.push([events, complete]),
      },
      outbox: this.outbox,
      storage: this.memory,
      environment,
      serverNow: () => this.now,
      onServerTime: (time) => this.serverTimes.push(time),
      roster: async () => this.members,
      nextFrame: (callback) => {
        this.frame = callback;
        return () => {
          this.frame = null;
        };
      },
    });
  }

  get state() {
    return this.session.store.getState();
  }
  /** What was said since the last time. */
  takeSent(): ClientMessage[] {
    return this.sent.splice(0);
  }
  open(): void {
    this.isOpen = true;
    this.session.opened();
  }
  drop(): void {
    if (this.isOpen) {
      this.isOpen = false;
      this.session.closed();
    }
  }
  receive(...messages: ChatReply[]): void {
    for (const message of messages) {
      this.session.receive(JSON.stringify(message));
    }
    this.render();
  }
  /** The next picture. */
  render(): void {
    this.frame?.();
  }
  /** Time goes by. */
  pass(ms: number): void {
    this.now += ms;
    for (const timer of this.timers) {
      if (timer.at <= this.now) {
        timer.at = Number.POSITIVE_INFINITY;
        timer.callback();
      }
    }
    this.render();
  }
  /** Anna is registered, and sees these messages. */
  join(messages: WireMessage[] = [], more = false): void {
    this.session.join("Anna");
    this.open();
    this.admit("e.1.v.1", messages, more);
  }
  admit(cursor: string, messages: WireMessage[] = [], more = false, user = anna): void {
    this.receive(
      { type: "registered", room: "lobby", user, token: `token of ${user.id}` },
      { type: "snapshot", cursor, members: [user, ivan], messages, more },
    );
    this.takeSent();
    this.pass(burst);
  }

  private cancel(id: number): void {
    const timer = this.timers[id - 1];
    if (timer) {
      timer.at = Number.POSITIVE_INFINITY;
    }
  }
}
