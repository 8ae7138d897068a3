// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "./browser";
import { ReconnectPolicy } from "./reconnectPolicy";
import { type RefusalLookup, RefusalProbe } from "./refusalProbe";
import type { Environment, Transport } from "./types";

/** What is used of the browser's EventSource. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface EventStreamOptions {
  environment: Environment;
  browser: Browser;
  /** ms. */
  heartbeat: number;
  /** Called before every attempt, so that it can name the position to resume from. */
  url: () => string;
  /** The `event:` names to listen to; `message` are events without one. */
  names: readonly string[];
  onOpen: () => void;
  onEvent: (name: string, data: string, id: string) => void;
  open?: (url: string) => EventSourceLike;
  lookUpRefusal?: RefusalLookup;
}

const closed = 2;

/**
 * Server-sent events with our reconnect policy: EventSource itself waits a fixed time without jitter, gives up for good at
 * the first 503, and reports neither. So each attempt has an EventSource of its own, and its URL carries the resume position.
 */
export class EventStream {
  private readonly policy: ReconnectPolicy;
  private source: EventSourceLike | null = null;
  private readonly refusalProbe: RefusalProbe;

  constructor(private readonly options: EventStreamOptions) {
    const { environment, browser, heartbeat, lookUpRefusal } = options;
    const connection = { open: () => this.open(), close: () => this.close() };
    this.policy = new ReconnectPolicy({ environment, browser, heartbeat, connection });
    this.refusalProbe = new RefusalProbe(this.policy, lookUpRefusal);
  }

  get transport(): Transport {
    return this.policy;
  }
  start(): void {
    this.policy.start();
  }
  stop(): void {
    this.policy.stop();
  }
  reopen(): void {
    this.policy.reopen();
  }
  recovered(events: number, complete: boolean): void {
    this.policy.recovered(events, complete);
  }
  measured(values: Parameters<ReconnectPolicy["measured"]>[0]): void {
    this.policy.measured(values);
  }
  setHeartbeat(heartbeat: number): void {
    this.policy.setHeartbeat(heartbeat);
  }
  /** The server announced a restart: the loss that follows is no failure. */
  restarting(notBefore: number): void {
    this.policy.lost({ restarting: true, notBefore });
  }

  private open(): void {
    this.close();
    const { url, names, onOpen, onEvent, open = (at) => new EventSource(at) } = this.options;
    const at = url();
    const source = open(at);
    this.source = source;
    // Events of an EventSource that has been replaced are ignored.
    const ifCurrent = (action: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      if (this.source === source) {
        action(event);
      }
    };
    source.addEventListener(
      "open",
      ifCurrent(() => {
        this.policy.received();
        onOpen();
      }),
    );
    for (const name of names) {
      source.addEventListener(
        name,
        ifCurrent((event) => {
          this.policy.received();
          onEvent(name, event.data, event.lastEventId);
        }),
      );
    }
    source.addEventListener(
      "error",
      ifCurrent(() => this.onError(source, at)),
    );
  }
  private close(): void {
    this.source?.close();
    this.source = null;
    this.refusalProbe.cancel();
  }

  // An EventSource that closed by itself got a response that is no event stream; otherwise the connection broke.
  private onError(source: EventSourceLike, url: string): void {
    if (source.readyState === closed) {
      this.close();
      void this.refusalProbe.start(url);
    } else {
      this.policy.lost();
    }
  }
}
