// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { FakeTime } from "#/transport/fakesForTest";
import { FakeNode } from "../fakeNodeForTest";
import { FeedRig, Page } from "../feedRigForTest";
import { RandomRun } from "../randomRunForTest";
import { StreamHub } from "./hub";
import type { ToTab } from "./messages";
import { Tab } from "./tab";

// Several tabs share one stream, and messages to and from the hub are delayed. Tabs come, go and
// crash; the hub goes and another takes its place; the network breaks and the node restarts.

class OneTab {
  readonly rig: FeedRig;
  readonly tab: Tab;
  pages: Page[] = [];

  constructor(private readonly run: Run) {
    this.tab = new Tab((word) => run.post(this, () => run.hub.receive(word, (answer) => this.receive(answer))));
    const open = (url: string) => this.tab.open(url);
    this.rig = new FeedRig({ time: run.time, node: run.node, open });
  }
  receive(word: ToTab): void {
    this.run.post(this, () => this.tab.receive(word));
  }
  follow(topic: string, withSnapshot: boolean): void {
    this.pages.push(new Page(this.rig, topic, withSnapshot));
  }
  unfollow(at: number): void {
    this.run.unfollow(this.pages.splice(at, 1)[0]);
  }
}

class Run extends RandomRun {
  hub = this.newHub();
  tabs: OneTab[] = [];
  /** By tab, in order: both directions in one queue. */
  private readonly mail = new Map<OneTab, (() => void)[]>();

  constructor(seed: number) {
    super(seed, new FakeNode(), new FakeTime());
  }

  post(tab: OneTab, act: () => void): void {
    this.mail.set(tab, [...(this.mail.get(tab) ?? []), act]);
  }
  async step(): Promise<void> {
    const chance = this.below(100);
    if (chance < 25) {
      this.node.publish(this.topic());
    } else if (chance < 45) {
      this.stepStream();
    } else if (chance < 60) {
      this.mailGoesOn();
    } else if (chance < 72) {
      await this.stepSnapshot();
    } else if (chance < 82) {
      this.stepTime();
    } else {
      await this.somethingHappens(chance);
    }
  }
  private async somethingHappens(chance: number): Promise<void> {
    if (chance < 85 && this.tabs.length < 5) {
      this.tabs.push(new OneTab(this));
    } else if (chance < 91) {
      this.someTab()?.follow(this.topic(), this.below(4) > 0);
    } else if (chance < 93) {
      const tab = this.someTab();
      tab?.unfollow(this.below(tab.pages.length));
    } else if (chance < 95) {
      this.tabGoes();
    } else if (chance < 97) {
      this.node.drop();
    } else if (chance < 98) {
      this.node.deleteOldest(this.topic());
    } else if (chance < 99) {
      this.changeHub();
    } else {
      await this.restart();
    }
  }
  override deliverAll(): void {
    for (let any = true; any; ) {
      any = false;
      for (const [tab, acts] of this.mail) {
        this.mail.set(tab, []);
        for (const act of acts) {
          act();
          any = true;
        }
      }
    }
  }
  get pages(): Page[] {
    return this.tabs.flatMap(({ pages }) => pages);
  }

  private newHub(): StreamHub {
    return new StreamHub({ environment: this.time, open: this.node.open });
  }
  /** The leading tab was closed: what was said to its hub, and by it, is lost. */
  private changeHub(): void {
    this.hub.end();
    this.mail.clear();
    this.hub = this.newHub();
    for (const tab of this.tabs) {
      tab.receive({ kind: "hello" });
    }
  }
  /** Closed or crashed: then it can't say goodbye. */
  private tabGoes(): void {
    const [tab] = this.tabs.splice(this.below(this.tabs.length), 1);
    if (!tab) {
      return;
    }
    const says = this.below(2) > 0;
    if (says) {
      tab.tab.hide();
      this.deliverAll();
    }
    this.mail.delete(tab);
    while (tab.pages.length > 0) {
      tab.unfollow(0);
    }
    this.time.pass(60);
    this.mail.delete(tab);
  }
  private mailGoesOn(): void {
    const [tab, acts] = [...this.mail][this.below(this.mail.size)] ?? [];
    if (tab && acts) {
      const count = 1 + this.below(4);
      this.mail.set(tab, acts.slice(count));
      for (const act of acts.slice(0, count)) {
        act();
      }
    }
  }
  private someTab(): OneTab | undefined {
    return this.tabs[this.below(this.tabs.length)];
  }
}

describe("whatever tabs, hub and node do", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))(
    "each page of each tab gets each event once and in order, from one stream (seed %i)",
    async (seed) => {
      const run = new Run(seed);
      for (let step = 0; step < 400; ++step) {
        await run.step();
        expect(run.node.streams.filter(({ isOpen }) => isOpen).length).toBeLessThanOrEqual(1);
      }
      await run.settle();
      run.expectAllHasCome();
      for (const page of run.pages) {
        page.unfollow();
      }
      run.time.pass(60);
      run.deliverAll();
      run.time.pass(60);
      expect(run.time.timersRunning).toBe(0);
    },
  );
});
