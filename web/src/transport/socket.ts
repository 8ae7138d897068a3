// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "./browser";
import { meaningOf } from "./closeCodes";
import { Inquiry, type WhyRefused } from "./inquiry";
import { Machine } from "./machine";
import { Timer } from "./timer";
import type { Surroundings, Wire } from "./types";

/** What is used of the browser's WebSocket. */
export interface Plug {
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
  surroundings: Surroundings;
  browser: Browser;
  /** Asked before every attempt. */
  url: () => string;
  /** Without it silence means nothing, and no round trip is known. */
  ping?: Ping;
  onOpen: () => void;
  onMessage: (text: string) => void;
  /** Comes once for each `onOpen`, whoever closed. */
  onClose: () => void;
  open?: (url: string) => Plug;
  whyRefused?: WhyRefused;
}

const open = 1;

/** From the opening to the first ping, in ms: a page that has just come is busy, and would time itself. */
const firstPing = 1000;

/** A WebSocket that comes back. It keeps nothing that could not be sent: what has to arrive is in an Outbox. */
export class Socket {
  private readonly machine: Machine;
  private readonly inquiry: Inquiry;
  private readonly pinging: Timer;
  private plug: Plug | null = null;
  private isOpen = false;
  private pingedAt: number | null = null;

  constructor(private readonly options: SocketOptions) {
    const { surroundings, browser, ping, whyRefused } = options;
    this.pinging = new Timer(surroundings);
    const line = { open: () => this.open(), close: () => this.close(), probe: () => this.sendPing() };
    this.machine = new Machine({ surroundings, browser, heartbeat: ping?.every ?? null, line });
    this.inquiry = new Inquiry(this.machine, whyRefused);
  }

  get wire(): Wire {
    return this.machine;
  }
  /** Connects; again after `blocked`, too. */
  start(): void {
    this.machine.start();
  }
  /** Closes, and stays closed. */
  stop(): void {
    this.machine.stop();
  }
  /** Closes and connects at once: a new start of the conversation. */
  reopen(): void {
    this.machine.reopen();
  }
  /** False: it is not open, and nothing will be sent. */
  send(text: string): boolean {
    if (!this.isOpen || this.plug?.readyState !== open) {
      return false;
    }
    this.plug.send(text);
    return true;
  }
  /** The conversation stands where it stood before the drop: `events` came that were missed, or not all (`complete`). */
  recovered(events: number, complete: boolean): void {
    this.machine.recovered(events, complete);
  }

  private open(): void {
    const { url, onOpen, open = (at) => new WebSocket(at) } = this.options;
    this.close();
    const at = url();
    const plug = open(at);
    this.plug = plug;
    plug.onopen = () => {
      this.isOpen = true;
      this.machine.heard();
      // Who has to introduce himself does so before he asks for anything.
      onOpen();
      if (this.isOpen) {
        this.pinging.set(firstPing, () => this.sendPing());
      }
    };
    plug.onmessage = ({ data }) => this.onMessage(String(data));
    plug.onclose = ({ code, reason }) => (this.isOpen ? this.onClosed(code, reason) : this.onNeverOpen(at));
  }
  /** What the old one still says is not heard any more. */
  private close(): void {
    const { plug } = this;
    this.plug = null;
    this.pinging.cancel();
    this.inquiry.cancel();
    this.pingedAt = null;
    if (plug) {
      plug.onopen = null;
      plug.onmessage = null;
      plug.onclose = null;
      plug.close();
    }
    if (this.isOpen) {
      this.isOpen = false;
      this.options.onClose();
    }
  }
  private onMessage(text: string): void {
    const { ping, surroundings } = this.options;
    this.machine.heard();
    if (this.pingedAt !== null && ping?.isPong(text)) {
      this.machine.measured({ rtt: surroundings.now() - this.pingedAt });
      this.pingedAt = null;
    }
    this.options.onMessage(text);
  }
  private onClosed(code: number, text: string): void {
    const closing = meaningOf(code, text);
    if (closing.again) {
      this.machine.lost(closing.farewell);
    } else {
      this.machine.blocked(closing.reason);
    }
  }
  /** A refused upgrade looks like no network at all; the path, asked as a page is, says which of the two it was. */
  private onNeverOpen(url: string): void {
    this.close();
    void this.inquiry.begin(url.replace(/^ws/, "http"));
  }
  private sendPing(): void {
    const { ping, surroundings } = this.options;
    if (ping && this.send(ping.text)) {
      this.pingedAt ??= surroundings.now();
      this.pinging.set(ping.every, () => this.sendPing());
    }
  }
}
