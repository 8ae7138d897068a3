// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emptyCloud, useCloud } from "../store/cloud";
import { eventForTest, instanceForTest } from "../store/eventsForTest";
import { addEvents } from "../store/worklog";
import { useOlderLines } from "./useOlderLines";

/** The server's log is 100 lines, and each page has 10 of them. */
const pages = vi.hoisted(() => ({ read: vi.fn<() => Promise<void>>() }));
vi.mock("../store/feed", () => ({ loadOlder: pages.read }));

const line = (offset: number) => eventForTest(offset, "started", "start", instanceForTest("a"));
const tenBefore = (end: number) => Array.from({ length: 10 }, (_, at) => line(end - 10 + at));
const first = () => useCloud.getState().worklog.lines[0]?.offset ?? 0;

afterEach(cleanup);
beforeEach(() => {
  useCloud.setState({ ...emptyCloud, worklog: { ...addEvents(emptyCloud.worklog, tenBefore(101)), firstOffset: 1 } });
  pages.read.mockReset().mockImplementation(async () => {
    useCloud.setState(({ worklog }) => ({ worklog: { ...addEvents(worklog, tenBefore(first())), firstOffset: 1 } }));
  });
});

test("a filter that leaves little to show looks through the whole log", async () => {
  renderHook(() => useOlderLines(true, 0));
  await waitFor(() => expect(first()).toBe(1));
  expect(pages.read).toHaveBeenCalledTimes(9);
});

test("a filter that leaves more than a screen reads nothing", () => {
  renderHook(() => useOlderLines(true, 60));
  expect(pages.read).not.toHaveBeenCalled();
});

test("without a filter nothing is read before somebody goes up", () => {
  renderHook(() => useOlderLines(false, 10));
  expect(pages.read).not.toHaveBeenCalled();
});

test("after an error only the user requests older lines again", async () => {
  pages.read.mockImplementation(async () => useCloud.setState({ historyError: new Error("cut") }));
  const { result } = renderHook(() => useOlderLines(true, 0));
  await waitFor(() => expect(useCloud.getState().historyError).not.toBeNull());
  await waitFor(() => expect(result.current.reading).toBe(false));
  expect(pages.read).toHaveBeenCalledTimes(1);
  await act(async () => result.current.read());
  expect(pages.read).toHaveBeenCalledTimes(2);
});
