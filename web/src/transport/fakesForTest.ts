// SPDX-License-Identifier: Apache-2.0
import type { Browser, BrowserListener } from "./browser";
import type { Source } from "./eventStream";
import type { Plug } from "./socket";
import type { Surroundings } from "./types";

/** Time that stands still until it is told to pass. */
export class FakeTime implements Surroundings {
  chance = 0.5;
  private at = 1_000_000;
  private nextId = 1;
  private readonly timers = new Map<number, { due: number; callback: () => void }>();

  now(): number {
    return this.at;
  }
  random(): number {
    return this.chance;
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
  /** The machine sleeps: time goes by, and timers only notice afterwards. */
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
    this.tell("offline");
  }
  goOnline(): void {
    this.online = true;
    this.tell("online");
  }
  show(): void {
    this.visible = true;
    this.tell("shown");
  }
  private tell(what: keyof BrowserListener): void {
    for (const listener of [...this.listeners]) {
      listener[what]?.();
    }
  }
}

/** An EventSource whose server is the test. */
export class FakeSource implements Source {
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
    this.tell("open");
  }
  say(name: string, data = "", lastEventId = ""): void {
    this.tell(name, { data, lastEventId });
  }
  /** The connection broke; a browser would come back by itself. */
  drop(): void {
    this.readyState = 0;
    this.tell("error");
  }
  /** The answer was no stream. */
  refuse(): void {
    this.readyState = 2;
    this.tell("error");
  }
  private tell(name: string, fields: MessageEventInit<string> = {}): void {
    this.listeners.get(name)?.(new MessageEvent(name, fields));
  }
}

/** A WebSocket whose server is the test. */
export class FakePlug implements Plug {
  readyState = 0;
  readonly sent: string[] = [];
  closedByUs = false;
  onopen: Plug["onopen"] = null;
  onmessage: Plug["onmessage"] = null;
  onclose: Plug["onclose"] = null;

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
  say(data: string): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
  hangUp(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code, reason }));
  }
}
