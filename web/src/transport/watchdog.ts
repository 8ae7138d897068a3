// SPDX-License-Identifier: Apache-2.0
import { Timer } from "./timer";
import type { Environment } from "./types";

/** After this many heartbeats of silence the connection is shown as stale; after `deadAfter`, it is closed. */
const staleAfter = 2.5;
const deadAfter = 4;
/** Heartbeats within which a connection that may have died unnoticed must send something: one may just have been missed. */
const probeAfter = 1.5;

interface WatchdogListener {
  stale: () => void;
  dead: () => void;
}

/** Watches a connection that should send something every heartbeat: a half-open one would look open for ever otherwise. */
export class Watchdog {
  private readonly timer: Timer;

  constructor(
    private readonly environment: Environment,
    private heartbeat: number | null,
    private readonly listener: WatchdogListener,
  ) {
    this.timer = new Timer(environment);
  }

  /** An attempt was made: something must arrive within `ms`. */
  expect(ms: number): void {
    this.timer.set(ms, this.listener.dead);
  }
  /** The server announced its longest silence. */
  setHeartbeat(heartbeat: number): void {
    if (heartbeat !== this.heartbeat) {
      this.heartbeat = heartbeat;
      this.received();
    }
  }
  received(): void {
    if (this.heartbeat === null) {
      this.timer.cancel();
      return;
    }
    const { heartbeat } = this;
    this.wait(heartbeat * staleAfter, () => {
      this.listener.stale();
      this.wait(heartbeat * (deadAfter - staleAfter), this.listener.dead);
    });
  }
  /** After time in which nothing could be received (a hidden tab, a sleep) the connection must prove that it is alive. */
  probe(): void {
    if (this.heartbeat !== null) {
      this.wait(this.heartbeat * probeAfter, this.listener.dead);
    }
  }
  stop(): void {
    this.timer.cancel();
  }

  // A timer that is late by more than a heartbeat was suspended with the computer: it says nothing about the connection.
  private wait(ms: number, onExpired: () => void): void {
    const due = this.environment.now() + ms;
    this.timer.set(ms, () => {
      const late = this.environment.now() - due;
      if (this.heartbeat !== null && late > this.heartbeat) {
        this.probe();
      } else {
        onExpired();
      }
    });
  }
}
