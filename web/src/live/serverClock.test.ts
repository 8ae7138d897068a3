// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ClockEstimate } from "./serverClock";

test("the clock's offset is that of the heartbeat which came quickest, of the last six", () => {
  const clock = new ClockEstimate();
  const offset = 5_000;
  const estimates = [80, 20, 300, 40, 40, 40, 40, 40].map((delay, index) => {
    const sentAt = 100_000 + index * 10_000;
    return clock.add(sentAt + offset, sentAt + delay);
  });
  expect(estimates).toEqual([4920, 4980, 4980, 4980, 4980, 4980, 4980, 4960]);
});
