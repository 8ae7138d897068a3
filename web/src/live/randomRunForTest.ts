// SPDX-License-Identifier: Apache-2.0
import { expect } from "vitest";
import { type FakeTime, randomOf } from "#/transport/fakesForTest";
import type { FakeNode } from "./fakeNodeForTest";
import { flushed, type Page } from "./feedRigForTest";

const topics = ["d/a", "d/b", "d/c", "v/a", "v/b"] as const;

/**
 * A run is a sequence of random steps of the node, the network and the pages; the same seed gives the same sequence. At every
 * step each page checks that what it gets is the next event (Page.onEvents). At the end each must have what the node has.
 */
export abstract class RandomRun {
  readonly violations: string[] = [];
  private readonly random: () => number;

  constructor(
    seed: number,
    readonly node: FakeNode,
    readonly time: FakeTime,
  ) {
    this.random = randomOf(seed);
  }
  abstract get pages(): readonly Page[];
  /** Delivers the messages between tabs and hub. */
  protected deliverAll(): void {}

  /** The network works and the node is quiet: everything outstanding is delivered. */
  async settle(): Promise<void> {
    // The longest wait for an attempt is 20 s.
    for (let round = 0; round < 30; ++round) {
      this.node.heartbeat();
      this.node.deliverAll();
      this.deliverAll();
      for (const page of this.pages) {
        await page.respondToAll();
      }
      this.time.pass(1_000);
      this.deliverAll();
      await flushed();
    }
  }
  expectAllHasCome(): void {
    expect(this.violations.concat(...this.pages.map((page) => page.violations))).toEqual([]);
    for (const page of this.pages.filter(({ snapshots }) => snapshots > 0)) {
      const log = this.node.log(page.topic);
      expect([page.topic, page.epoch, page.has]).toEqual([page.topic, log.epoch, log.lastOffset(page.topic)]);
    }
  }

  protected stepStream(): void {
    const { line } = this.node;
    if (line && !line.accepted) {
      this.node.accept(line);
    } else {
      line?.deliver(1 + this.below(4));
    }
  }
  protected async stepSnapshot(): Promise<void> {
    const open = this.pages.flatMap((page) => page.waiting);
    const one = open[this.below(open.length)];
    if (!one) {
      return;
    }
    if (!one.served) {
      one.serve();
      return;
    }
    this.finish(one, this.below(5) > 0);
    await flushed();
  }
  protected stepTime(): void {
    this.time.randomValue = this.random();
    this.time.pass(this.below(400));
  }
  /** Connections die with the process, those of requests too. */
  protected async restart(): Promise<void> {
    for (const one of this.pages.flatMap((page) => page.waiting)) {
      this.finish(one, false);
    }
    this.node.restart(this.below(4) > 0 ? "keeps its data" : "loses its data");
    await flushed();
  }
  unfollow(page: Page | undefined): void {
    page?.unfollow();
    this.violations.push(...(page?.violations ?? []));
  }
  protected topic(): string {
    return topics[this.below(topics.length)] ?? "d/a";
  }
  protected below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private finish(one: Page["requests"][number], works: boolean): void {
    for (const page of this.pages) {
      page.requests = page.requests.filter((other) => other !== one);
    }
    if (works) {
      one.respond();
    } else {
      one.fail();
    }
  }
}
