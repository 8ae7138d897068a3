// SPDX-License-Identifier: Apache-2.0
import type { Browser, BrowserListener } from "./browser";
import type { EventSourceLike } from "./eventStream";
import type { WebSocketLike } from "./socket";
import type { Environment } from "./types";

/** A seeded pseudo-random generator (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A clock that the test advances. */
export class FakeTime implements Environment {
  randomValue = 0.5;
  private at = 1_000_000;
  private nextId = 1;
  private readonly timers = new Map<number, { due: number; callback: () => void }>();

  now(): number {
    return this.at;
  }
  random(): number {
    return this.randomValue;
  }
  setTimeout(callback: () => void, ms: number): number {
    const id = this.nextId++;
    this.timers.set(id, { due: this.at + ms, callback });
    return id;
  }
  clearTimeout(timer: number): void {
    this.timers.delete(timer);
  }
  get timersRunning(): number {
    return this.timers.size;
  }
  pass(ms: number): void {
    const end = this.at + ms;
    for (let next = this.first(end); next !== null; next = this.first(end)) {
      this.at = next.due;
      this.timers.delete(next.id);
      next.callback();
    }
    this.at = Math.max(this.at, end);
  }
  /** The computer sleeps: the clock advances, and timers fire afterwards. */
  sleep(ms: number): void {
    this.at += ms;
  }
  private first(end: number): { id: number; due: number; callback: () => void } | null {
    const due = [...this.timers]
      .filter(([, timer]) => timer.due <= end)
      .sort((a, b) => a[1].due - b[1].due || a[0] - b[0]);
    const [found] = due;
    return found ? { id: found[0], due: Math.max(found[1].due, this.at), callback: found[1].callback } : null;
  }
}

export class FakeBrowser implements Browser {
  online = true;
  visible = true;
  readonly listeners = new Set<BrowserListener>();

  watch(listener: BrowserListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  goOffline(): void {
    this.online = false;
    this.notify("offline");
  }
  goOnline(): void {
    this.online = true;
    this.notify("online");
  }
  show(): void {
    this.visible = true;
    this.notify("shown");
  }
  private notify(what: keyof BrowserListener): void {
    for (const listener of [...this.listeners]) {
      listener[what]?.();
    }
  }
}

/** An EventSource whose server is the test. `receive`, `drop` and `refuse` are what that server does. */
export class FakeEventSource implements EventSourceLike {
  readyState = 0;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(name, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  get query(): URLSearchParams {
    return new URL(this.url, "http://a").searchParams;
  }

  accept(): void {
    this.readyState = 1;
    this.dispatch("open");
  }
  receive(name: string, data = "", lastEventId = ""): void {
    this.dispatch(name, { data, lastEventId });
  }
  /** The connection broke; a browser would reconnect by itself. */
  drop(): void {
    this.readyState = 0;
    this.dispatch("error");
  }
  /** The response was no event stream. */
  refuse(): void {
    this.readyState = 2;
    this.dispatch("error");
  }
  private dispatch(name: string, fields: MessageEventInit<string> = {}): void {
    this.listeners.get(name)?.(new MessageEvent(name, fields));
  }
}

/** A WebSocket whose server is the test. */
export class FakeWebSocket implements WebSocketLike {
  readyState = 0;
  readonly sent: string[] = [];
  closedByUs = false;
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onclose: WebSocketLike["onclose"] = null;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
    this.closedByUs = true;
  }
  accept(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }
  receive(data: string): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
  closeByServer(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code, reason }));
  }
}
