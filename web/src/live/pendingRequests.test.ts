// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { FakeTime } from "#/transport/fakesForTest";
import { PendingRequests } from "./pendingRequests";

let time: FakeTime;
let since: number | null;
let proofs: number;
let answers: PendingRequests;

beforeEach(() => {
  time = new FakeTime();
  since = null;
  proofs = 0;
  answers = new PendingRequests({
    environment: time,
    probe: () => {
      proofs += 1;
    },
    onUnansweredSince: (now) => {
      since = now;
    },
  });
});

test("the oldest question without an answer counts, whatever comes to the others", () => {
  const start = time.now();
  const first = answers.begin();
  time.pass(3000);
  const second = answers.begin();
  second.answered();
  expect(since).toBe(start);
  first.answered();
  expect(since).toBeNull();
});

test("a question that was given up counts as unanswered until anything is answered", () => {
  const start = time.now();
  const first = answers.begin();
  time.pass(10_000);
  first.failed();
  expect(since).toBe(start);
  time.pass(5000);
  expect(proofs).toBe(1);
  const proof = answers.begin();
  time.pass(10_000);
  proof.failed();
  time.pass(5000);
  expect([since, proofs]).toEqual([start, 2]);
  answers.begin().answered();
  expect(since).toBeNull();
  expect(time.timersRunning).toBe(0);
});

test("a question that nobody wants answered any more says nothing of the server", () => {
  const question = answers.begin();
  question.aborted();
  question.failed(); // It has ended once.
  expect(since).toBeNull();
  expect(time.timersRunning).toBe(0);
});
