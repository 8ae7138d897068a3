// SPDX-License-Identifier: Apache-2.0
import type { EventSourceLike } from "#/transport/eventStream";
import { newKey } from "#/transport/newKey";
import type { ToHub, ToTab } from "./messages";
import { ResumePoint } from "./resumePoint";

/** After this many opens without any answer there is no hub. */
const unansweredOpensMax = 3;

/** A tab's side of the hub: each stream that is opened here looks like an EventSource. */
export class Tab {
  private readonly sources = new Map<string, SharedEventSource>();
  private hasHub = false;
  private unansweredOpens = 0;

  constructor(private readonly post: (message: ToHub) => void) {
    post({ kind: "who" });
  }

  /** There is no hub: each stream needs a connection of its own. */
  get isAlone(): boolean {
    return this.unansweredOpens >= unansweredOpensMax;
  }
  open(url: string): EventSourceLike {
    const stream = newKey();
    const source = new SharedEventSource(url, () => {
      this.sources.delete(stream);
      this.post({ kind: "close", stream });
    });
    this.sources.set(stream, source);
    this.unansweredOpens += 1;
    if (this.hasHub) {
      this.post({ kind: "open", stream, url });
    }
    return source;
  }
  receive(message: ToTab): void {
    this.unansweredOpens = 0;
    if (message.kind === "hello") {
      this.hasHub = true;
      this.openAll();
      return;
    }
    const source = this.sources.get(message.stream);
    if (message.kind === "open") {
      source?.accept();
    } else if (message.kind === "error") {
      this.sources.delete(message.stream);
      source?.fail(message.refused);
    } else {
      if (message.name === "hb") {
        this.post({ kind: "here", stream: message.stream });
      }
      source?.receive(message.name, message.data, message.id);
    }
  }
  /** The hub could not be started. */
  giveUp(): void {
    this.unansweredOpens = unansweredOpensMax;
    this.failAll();
  }
  /** The page is hidden, perhaps closed. */
  hide(): void {
    for (const stream of this.sources.keys()) {
      this.post({ kind: "close", stream });
    }
  }
  /** The page came out of the back/forward cache. */
  show(): void {
    this.failAll();
  }

  // A new hub does not know what the one before it delivered.
  private openAll(): void {
    for (const [stream, source] of this.sources) {
      this.post({ kind: "open", stream, url: source.resumeUrl });
    }
  }
  private failAll(): void {
    const sources = [...this.sources.values()];
    this.sources.clear();
    for (const source of sources) {
      source.fail(false);
    }
  }
}

/** Looks like an EventSource. It resumes by itself, but only from one hub to the next. */
class SharedEventSource implements EventSourceLike {
  readyState = 0;
  /** The id of an event; "": what the URL says. */
  private readonly resumePoint = new ResumePoint("");
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(
    private readonly url: string,
    private readonly onClose: () => void,
  ) {}

  get resumeUrl(): string {
    const [path = "", query] = this.url.split("?");
    const wanted = new URLSearchParams(query);
    if (this.resumePoint.current !== "") {
      wanted.set("lastEventId", this.resumePoint.current);
    }
    return `${path}?${wanted}`;
  }
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(name, listener);
  }
  close(): void {
    if (this.readyState !== 2) {
      this.readyState = 2;
      this.onClose();
    }
  }

  accept(): void {
    this.readyState = 1;
    this.dispatch("open");
  }
  receive(name: string, data: string, id: string): void {
    this.resumePoint.onEvent(name, id);
    this.dispatch(name, { data, lastEventId: id });
  }
  fail(refused: boolean): void {
    this.readyState = refused ? 2 : 0;
    this.dispatch("error");
  }
  private dispatch(name: string, fields: MessageEventInit<string> = {}): void {
    this.listeners.get(name)?.(new MessageEvent(name, fields));
  }
}
