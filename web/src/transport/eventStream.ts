// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "./browser";
import { Inquiry, type WhyRefused } from "./inquiry";
import { Machine } from "./machine";
import type { Surroundings, Wire } from "./types";

/** What is used of the browser's EventSource. */
export interface Source {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface EventStreamOptions {
  surroundings: Surroundings;
  browser: Browser;
  /** ms. */
  heartbeat: number;
  /** Asked before every attempt, so that it can name where to go on. */
  url: () => string;
  /** The `event:` names that are listened to; `message` are those without one. */
  names: readonly string[];
  onOpen: () => void;
  onEvent: (name: string, data: string, id: string) => void;
  open?: (url: string) => Source;
  whyRefused?: WhyRefused;
}

const closed = 2;

/**
 * Server-sent events that come back by our rules: EventSource itself waits a fixed time without jitter, gives up for good at
 * the first 503, and says nothing of either. So each attempt has an object of its own, and where to go on stands in its URL.
 */
export class EventStream {
  private readonly machine: Machine;
  private source: Source | null = null;
  private readonly inquiry: Inquiry;

  constructor(private readonly options: EventStreamOptions) {
    const { surroundings, browser, heartbeat, whyRefused } = options;
    const line = { open: () => this.open(), close: () => this.close() };
    this.machine = new Machine({ surroundings, browser, heartbeat, line });
    this.inquiry = new Inquiry(this.machine, whyRefused);
  }

  get wire(): Wire {
    return this.machine;
  }
  start(): void {
    this.machine.start();
  }
  stop(): void {
    this.machine.stop();
  }
  reopen(): void {
    this.machine.reopen();
  }
  recovered(events: number, complete: boolean): void {
    this.machine.recovered(events, complete);
  }
  measured(values: Parameters<Machine["measured"]>[0]): void {
    this.machine.measured(values);
  }
  expectEvery(heartbeat: number): void {
    this.machine.expectEvery(heartbeat);
  }
  /** The server said that it goes and comes back: what follows is no failure. */
  restarting(notBefore: number): void {
    this.machine.lost({ restarting: true, notBefore });
  }

  private open(): void {
    this.close();
    const { url, names, onOpen, onEvent, open = (at) => new EventSource(at) } = this.options;
    const at = url();
    const source = open(at);
    this.source = source;
    // What an object says that is not the present one any more is of the past.
    const present = (action: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      if (this.source === source) {
        action(event);
      }
    };
    source.addEventListener(
      "open",
      present(() => {
        this.machine.heard();
        onOpen();
      }),
    );
    for (const name of names) {
      source.addEventListener(
        name,
        present((event) => {
          this.machine.heard();
          onEvent(name, event.data, event.lastEventId);
        }),
      );
    }
    source.addEventListener(
      "error",
      present(() => this.onError(source, at)),
    );
  }
  private close(): void {
    this.source?.close();
    this.source = null;
    this.inquiry.cancel();
  }

  // An EventSource that closed by itself was answered with something that is no stream; else the connection broke.
  private onError(source: Source, url: string): void {
    if (source.readyState === closed) {
      this.close();
      void this.inquiry.begin(url);
    } else {
      this.machine.lost();
    }
  }
}
