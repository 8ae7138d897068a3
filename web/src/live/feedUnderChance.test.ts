// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { FeedRig, flushed, Page } from "./feedRigForTest";

// A run is a row of random steps of the node, the network and the pages; the same seed is the same row. At every step each page
// checks that what it gets is the next event (Page.take). At the end all settles, and each must have what the node has.

const topics = ["d/a", "d/b", "d/c", "v/a", "v/b"] as const;

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Run {
  readonly rig = new FeedRig();
  pages: Page[] = [];
  readonly objections: string[] = [];
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = randomOf(seed);
  }

  async step(): Promise<void> {
    const chance = this.below(100);
    if (chance < 30) {
      this.rig.node.publish(this.topic());
    } else if (chance < 50) {
      this.streamGoesOn();
    } else if (chance < 65) {
      await this.snapshotGoesOn();
    } else if (chance < 80) {
      this.rig.time.chance = this.random();
      this.rig.time.pass(this.below(400));
    } else if (chance < 86) {
      this.pages.push(new Page(this.rig, this.topic(), this.below(4) > 0));
    } else if (chance < 90) {
      this.leave();
    } else if (chance < 94) {
      this.rig.node.drop();
    } else if (chance < 97) {
      this.rig.node.forgetOldest(this.topic());
    } else {
      await this.restart();
    }
  }
  /** The network works and the node is quiet: everything that is due comes. */
  async settle(): Promise<void> {
    // The longest wait for an attempt is 20 s.
    for (let round = 0; round < 30; ++round) {
      this.rig.node.beat();
      this.rig.node.bringAll();
      for (const page of this.pages) {
        await page.answered();
      }
      this.rig.time.pass(1_000);
      await flushed();
    }
  }

  private streamGoesOn(): void {
    const { line } = this.rig.node;
    if (line && !line.accepted) {
      this.rig.node.accept(line);
    } else {
      line?.bring(1 + this.below(4));
    }
  }
  private async snapshotGoesOn(): Promise<void> {
    const asked = this.pages.flatMap((page) => page.waiting);
    const one = asked[this.below(asked.length)];
    if (!one) {
      return;
    }
    if (!one.served) {
      one.serve();
      return;
    }
    this.settleOne(one, this.below(5) > 0);
    await flushed();
  }
  private settleOne(one: Page["asked"][number], works: boolean): void {
    for (const page of this.pages) {
      page.asked = page.asked.filter((other) => other !== one);
    }
    if (works) {
      one.answer();
    } else {
      one.fail();
    }
  }
  /** Connections die with the process, those of requests too. */
  private async restart(): Promise<void> {
    for (const one of this.pages.flatMap((page) => page.waiting)) {
      this.settleOne(one, false);
    }
    this.rig.node.restart(this.below(4) > 0 ? "keeps its data" : "loses its data");
    await flushed();
  }
  private leave(): void {
    const [page] = this.pages.splice(this.below(this.pages.length), 1);
    page?.unfollow();
    this.objections.push(...(page?.objections ?? []));
  }
  private topic(): string {
    return topics[this.below(topics.length)] ?? "d/a";
  }
  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

describe("whatever drops, restarts, comes and goes", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))(
    "each page gets each event once and in order (seed %i)",
    async (seed) => {
      const run = new Run(seed);
      for (let step = 0; step < 250; ++step) {
        await run.step();
      }
      await run.settle();
      expect(run.objections.concat(...run.pages.map((page) => page.objections))).toEqual([]);
      for (const page of run.pages.filter(({ snapshots }) => snapshots > 0)) {
        const log = run.rig.node.log(page.topic);
        expect([page.topic, page.epoch, page.has]).toEqual([page.topic, log.epoch, log.lastOffset(page.topic)]);
      }
      for (const page of run.pages) {
        page.unfollow();
      }
      run.rig.time.pass(50);
      expect(run.rig.connection.state).toBe("idle");
      expect(run.rig.time.timersRunning).toBe(0);
    },
  );
});
