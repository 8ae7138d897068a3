// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { FeedRig, Page } from "./feedRigForTest";
import { RandomRun } from "./randomRunForTest";

class Run extends RandomRun {
  readonly pages: Page[] = [];

  constructor(
    seed: number,
    readonly rig = new FeedRig(),
  ) {
    super(seed, rig.node, rig.time);
  }

  async step(): Promise<void> {
    const chance = this.below(100);
    if (chance < 30) {
      this.node.publish(this.topic());
    } else if (chance < 50) {
      this.stepStream();
    } else if (chance < 65) {
      await this.stepSnapshot();
    } else if (chance < 80) {
      this.stepTime();
    } else if (chance < 86) {
      this.pages.push(new Page(this.rig, this.topic(), this.below(4) > 0));
    } else if (chance < 90) {
      this.unfollow(this.pages.splice(this.below(this.pages.length), 1)[0]);
    } else if (chance < 94) {
      this.node.drop();
    } else if (chance < 97) {
      this.node.deleteOldest(this.topic());
    } else {
      await this.restart();
    }
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
      run.expectAllHasCome();
      for (const page of run.pages) {
        page.unfollow();
      }
      run.time.pass(50);
      expect(run.rig.connection.state).toBe("idle");
      expect(run.time.timersRunning).toBe(0);
    },
  );
});
