// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { FakeTime } from "#/transport/fakesForTest";
import { flushed } from "./feedRigForTest";
import { RoundTrip } from "./roundTrip";

let time: FakeTime;
let visible: boolean;
let takes: number;
let reachable: boolean;
let asked: number;
let measured: number[];
let roundTrip: RoundTrip;

beforeEach(() => {
  time = new FakeTime();
  visible = true;
  takes = 38;
  reachable = true;
  asked = 0;
  measured = [];
  roundTrip = new RoundTrip({
    environment: time,
    ping: () => {
      asked += 1;
      time.sleep(takes);
      return reachable ? Promise.resolve() : Promise.reject(new Error("unreachable"));
    },
    isVisible: () => visible,
    onMeasured: (ms) => measured.push(ms),
  });
});

/** Past the busy beginning of a page. */
function start(): void {
  roundTrip.start();
  time.pass(1000);
}

test("the first request warms the connection up, the second one is measured", async () => {
  takes = 500;
  start();
  takes = 38;
  await flushed();
  expect(measured).toEqual([38]);
  expect(asked).toBe(2);
});

test("it is measured again every 30 s", async () => {
  start();
  await flushed();
  takes = 40;
  time.pass(30_000);
  await flushed();
  expect(measured).toEqual([38, 40]);
});

test("nothing is asked while nobody looks, and again when somebody does", async () => {
  visible = false;
  start();
  await flushed();
  expect(asked).toBe(0);
  visible = true;
  time.pass(30_000);
  await flushed();
  expect(measured).toEqual([38]);
});

test("no answer is no measurement, and no end of measuring", async () => {
  reachable = false;
  start();
  await flushed();
  expect(measured).toEqual([]);
  reachable = true;
  time.pass(30_000);
  await flushed();
  expect(measured).toEqual([38]);
});

test("what is stopped measures nothing any more, not even what is on its way", async () => {
  start();
  roundTrip.stop();
  await flushed();
  expect(measured).toEqual([]);
  expect(time.timersRunning).toBe(0);
});

test("nothing is measured while the page is still busy with its beginning", async () => {
  roundTrip.start();
  time.pass(999);
  await flushed();
  expect(asked).toBe(0);
  roundTrip.stop();
  expect(time.timersRunning).toBe(0);
});
