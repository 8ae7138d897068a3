// SPDX-License-Identifier: Apache-2.0
import { browserKeeper, type Keeper, tabKeeper } from "#/settings/storage";
import { Outbox } from "#/transport/outbox";
import type { Surroundings } from "#/transport/types";
import { Memory } from "./memory";
import type { Heard, Said, User, WireMessage } from "./protocol";
import { ChatSession } from "./session";

export const anna: User = { id: "1", name: "Anna" };
export const ivan: User = { id: "2", name: "Ivan" };

export function wireMessage(offset: number, rest: Partial<WireMessage> = {}): WireMessage {
  return { offset, time: new Date(offset * 1000).toISOString(), user: ivan, text: `text ${offset}`, ...rest };
}

/** What comes later than this, in ms, is drawn with the next picture. */
const burst = 50;

/** For tests: a session with a server that is played by the test, and a clock that stands still. */
export class SessionRig {
  now = 0;
  running = false;
  reopened = 0;
  isOpen = false;
  readonly said: Said[] = [];
  readonly serverTimes: number[] = [];
  readonly recovered: [number, boolean][] = [];
  readonly memory: Memory;
  readonly outbox: Outbox<string>;
  readonly session: ChatSession;
  readonly members: User[] = [];
  private timers: { at: number; callback: () => void }[] = [];
  private frame: (() => void) | null = null;
  private ids = 0;

  constructor(tab: Keeper = tabKeeper, browser: Keeper = browserKeeper) {
    this.memory = new Memory(tab, browser);
    const surroundings: Surroundings = {
      now: () => this.now,
      random: () => 0,
      setTimeout: (callback, ms) => this.timers.push({ at: this.now + ms, callback }),
      clearTimeout: (id) => this.cancel(id),
    };
    this.outbox = new Outbox<string>({
      surroundings,
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
        send: (text) => this.isOpen && this.said.push(JSON.parse(text) as Said) > 0,
        recovered: (events, complete) => this.recovered.push([events, complete]),
      },
      outbox: this.outbox,
      memory: this.memory,
      surroundings,
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
  heardFromIt(): Said[] {
    return this.said.splice(0);
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
  hear(...words: Heard[]): void {
    for (const word of words) {
      this.session.heard(JSON.stringify(word));
    }
    this.draw();
  }
  /** The next picture. */
  draw(): void {
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
    this.draw();
  }
  /** Anna is let in, and sees these messages. */
  enter(messages: WireMessage[] = [], more = false): void {
    this.session.enter("Anna");
    this.open();
    this.letIn("e.1.v.1", messages, more);
  }
  letIn(cursor: string, messages: WireMessage[] = [], more = false, user = anna): void {
    this.hear(
      { type: "registered", room: "lobby", user, token: `token of ${user.id}` },
      { type: "snapshot", cursor, members: [user, ivan], messages, more },
    );
    this.heardFromIt();
    this.pass(burst);
  }

  private cancel(id: number): void {
    const timer = this.timers[id - 1];
    if (timer) {
      timer.at = Number.POSITIVE_INFINITY;
    }
  }
}
