// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "./browser";
import { outcomeOf } from "./closeCodes";
import { ReconnectPolicy } from "./reconnectPolicy";
import { socketRefusalOf } from "./refusal";
import { type RefusalLookup, RefusalProbe } from "./refusalProbe";
import { Timer } from "./timer";
import type { Environment, Transport } from "./types";

/** What is used of the browser's WebSocket. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
}

/** A ping of the application's own: a page cannot send WebSocket's. */
export interface Ping {
  /** ms. */
  every: number;
  text: string;
  isPong: (text: string) => boolean;
}

export interface SocketOptions {
  environment: Environment;
  browser: Browser;
  /** Called before every attempt. */
  url: () => string;
  /** Without it silence means nothing, and there is no round-trip time. */
  ping?: Ping;
  onOpen: () => void;
  onMessage: (text: string) => void;
  /** Called once for each `onOpen`, whoever closed. */
  onClose: () => void;
  open?: (url: string) => WebSocketLike;
  lookUpRefusal?: RefusalLookup;
}

const open = 1;

/** From the opening to the first ping, in ms: a page that has just loaded is busy, and would measure itself. */
const firstPing = 1000;

/** A WebSocket that reconnects. It does not buffer what could not be sent: what has to arrive is in an Outbox. */
export class Socket {
  private readonly policy: ReconnectPolicy;
  private readonly refusalProbe: RefusalProbe;
  private readonly pingTimer: Timer;
  private socket: WebSocketLike | null = null;
  private isOpen = false;

  constructor(private readonly options: SocketOptions) {
    const { environment, browser, ping, lookUpRefusal = socketRefusalOf } = options;
    this.pingTimer = new Timer(environment);
    const connection = { open: () => this.open(), close: () => this.close(), probe: () => this.sendPing() };
    this.policy = new ReconnectPolicy({ environment, browser, heartbeat: ping?.every ?? null, connection });
    this.refusalProbe = new RefusalProbe(this.policy, lookUpRefusal);
  }

  get transport(): Transport {
    return this.policy;
  }
  /** Connects; also after `blocked`. */
  start(): void {
    this.policy.start();
  }
  /** Closes, and stays closed. */
  stop(): void {
    this.policy.stop();
  }
  /** Closes and connects at once: the session starts over. */
  reopen(): void {
    this.policy.reopen();
  }
  /** False: it is not open, and nothing will be sent. */
  send(text: string): boolean {
    if (!this.isOpen || this.socket?.readyState !== open) {
      return false;
    }
    this.socket.send(text);
    return true;
  }
  /** Replay has ended: `events` were recovered; `complete` is false where some were gone. */
  recovered(events: number, complete: boolean): void {
    this.policy.recovered(events, complete);
  }

  private open(): void {
    const { url, onOpen, open = (at) => new WebSocket(at) } = this.options;
    this.close();
    const at = url();
    const socket = open(at);
    this.socket = socket;
    socket.onopen = () => {
      this.isOpen = true;
      this.policy.received();
      // The session registers or rejoins before anything else is sent.
      onOpen();
      if (this.isOpen) {
        this.pingTimer.set(firstPing, () => this.sendPing());
      }
    };
    socket.onmessage = ({ data }) => this.onMessage(String(data));
    socket.onclose = ({ code, reason }) => (this.isOpen ? this.onClosed(code, reason) : this.onNeverOpen(at));
  }
  /** Messages of the closed socket are ignored. */
  private close(): void {
    const { socket } = this;
    this.socket = null;
    this.pingTimer.cancel();
    this.refusalProbe.cancel();
    // Only a change is published: a subscriber of the status may call `stop` from within.
    if (this.pingedAt !== null) {
      this.policy.measured({ pingedAt: null });
    }
    if (socket) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    if (this.isOpen) {
      this.isOpen = false;
      this.options.onClose();
    }
  }
  private onMessage(text: string): void {
    const { ping, environment } = this.options;
    this.policy.received();
    if (this.pingedAt !== null && ping?.isPong(text)) {
      this.policy.measured({ rtt: environment.now() - this.pingedAt, pingedAt: null });
    }
    this.options.onMessage(text);
  }
  private onClosed(code: number, text: string): void {
    const outcome = outcomeOf(code, text);
    if (outcome.retry) {
      this.policy.lost(outcome.hint);
    } else {
      this.policy.block(outcome.reason);
    }
  }
  /** A refused upgrade looks like no network at all; a plain request to the same path tells which of the two it was. */
  private onNeverOpen(url: string): void {
    this.close();
    void this.refusalProbe.start(url.replace(/^ws/, "http"));
  }
  private get pingedAt(): number | null {
    return this.policy.status.getState().pingedAt;
  }
  private sendPing(): void {
    const { ping, environment } = this.options;
    if (ping && this.send(ping.text)) {
      this.policy.measured({ pingedAt: this.pingedAt ?? environment.now() });
      this.pingTimer.set(ping.every, () => this.sendPing());
    }
  }
}
