// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import {
  accepted,
  type Command,
  type Commands,
  isCreating,
  settledByEvents,
  settledBySnapshot,
  unconfirmedOf,
  withCommands,
  withoutCommand,
} from "./commands";
import { eventForTest, instanceForTest } from "./eventsForTest";

const none: Commands = new Map();
const start: Command = { key: "k", kind: "start", instanceId: "a", operationId: null, confirmed: false };
const answer = { operationId: "op", instanceId: "a" };
const received = eventForTest(1, "received", "start", instanceForTest("a", "stopped", "start"), "op");
const started = eventForTest(2, "started", "start", instanceForTest("a", "running"), "op");

test("a command locks its instance at once, and only that one", () => {
  const commands = withCommands(none, start);
  expect(unconfirmedOf(commands, "a")).toBe("start");
  expect(unconfirmedOf(commands, "b")).toBeNull();
});

test("a refused command leaves nothing behind", () => {
  expect(withoutCommand(withCommands(none, start), "k")).toEqual(none);
});

test("the server's event takes the lock over", () => {
  const commands = settledByEvents(accepted(withCommands(none, start), "k", answer, []), [received]);
  expect(unconfirmedOf(commands, "a")).toBeNull();
  expect(settledByEvents(commands, [started])).toEqual(none);
});

test("an answer that comes after the events of its command settles it", () => {
  expect(unconfirmedOf(accepted(withCommands(none, start), "k", answer, [received]), "a")).toBeNull();
  expect(accepted(withCommands(none, start), "k", answer, [received, started])).toEqual(none);
});

test("another one's event does not settle a command", () => {
  const other = { ...received, operationId: "other" };
  const commands = accepted(withCommands(none, start), "k", answer, []);
  expect(settledByEvents(commands, [other])).toBe(commands);
});

test("a snapshot keeps what is not answered, and ends what it does not hold", () => {
  const unanswered: Command = { ...start, key: "l", instanceId: "b" };
  const commands = withCommands(accepted(withCommands(none, start), "k", answer, []), unanswered);
  expect([...settledBySnapshot(commands, [instanceForTest("a", "running")]).keys()]).toEqual(["l"]);
});

test("one create at a time is on its way", () => {
  const create: Command = { key: "c", kind: "create", instanceId: null, operationId: null, confirmed: false };
  const commands = withCommands(none, create);
  expect(isCreating(commands)).toBe(true);
  const heard = [eventForTest(1, "received", "create", instanceForTest("n", "stopped", "create"), "op")];
  expect(isCreating(accepted(commands, "c", { operationId: "op", instanceId: "n" }, heard))).toBe(false);
});
