// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { FakeTime } from "#/transport/fakesForTest";
import { Batch } from "./batch";

function rig(frames: "come" | "do not come") {
  const time = new FakeTime();
  const handed: (readonly number[])[] = [];
  const nextFrame = (callback: () => void) => {
    const frame = frames === "come" ? time.setTimeout(callback, 16) : 0;
    return () => time.clearTimeout(frame);
  };
  return { time, handed, batch: new Batch<number>(time, nextFrame, (items) => handed.push(items)) };
}

test("what comes is handed over with the next frame, together", () => {
  const { time, handed, batch } = rig("come");
  batch.add(1);
  batch.add(2);
  expect(handed).toEqual([]);
  time.pass(16);
  expect(handed).toEqual([[1, 2]]);
  expect(time.timersRunning).toBe(0);
});

test("in a stream of events twenty batches a second are enough", () => {
  const { time, handed, batch } = rig("come");
  batch.add(1);
  time.pass(16);
  batch.add(2);
  time.pass(49);
  batch.add(3);
  expect(handed).toEqual([[1]]);
  time.pass(1 + 16);
  expect(handed).toEqual([[1], [2, 3]]);
  time.pass(50);
  batch.add(4);
  time.pass(16);
  expect(handed.at(-1)).toEqual([4]);
  expect(time.timersRunning).toBe(0);
});

test("a clock that is set back holds nothing up", () => {
  const { time, handed, batch } = rig("come");
  batch.add(1);
  time.pass(16);
  time.sleep(-3_600_000);
  batch.add(2);
  time.pass(50 + 16);
  expect(handed).toEqual([[1], [2]]);
});

test("a hidden tab, which has no frames, gets it four times a second", () => {
  const { time, handed, batch } = rig("do not come");
  batch.add(1);
  time.pass(249);
  batch.add(2);
  expect(handed).toEqual([]);
  time.pass(1);
  expect(handed).toEqual([[1, 2]]);
});

test("what nobody wants any more is not handed over", () => {
  const { time, handed, batch } = rig("come");
  batch.add(1);
  batch.clear();
  time.pass(1000);
  batch.flush();
  expect(handed).toEqual([]);
});
