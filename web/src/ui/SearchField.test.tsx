// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SearchField } from "./SearchField";

const tell = vi.fn();
const field = () => screen.getByRole<HTMLInputElement>("searchbox", { name: "Find" });
const type = (value: string) => fireEvent.change(field(), { target: { value } });
let show: (value: string) => void;

beforeEach(() => {
  const { rerender } = render(<SearchField label="Find" value="" onChange={tell} />);
  show = (value) => rerender(<SearchField label="Find" value={value} onChange={tell} />);
});
afterEach(cleanup);

test("a URL that lags behind does not overwrite typed text", () => {
  type("a");
  type("ab");
  show("a");
  expect(field().value).toBe("ab");
  show("ab");
  expect(field().value).toBe("ab");
  expect(tell.mock.calls).toEqual([["a"], ["ab"]]);
});

test("an address that changes by itself is taken over", () => {
  type("ab");
  show("ab");
  show("");
  expect(field().value).toBe("");
  show("ab");
  expect(field().value).toBe("ab");
});

test("steps of the typing that the address left out do not count later", () => {
  type("a");
  type("ab");
  show("ab");
  show("a");
  expect(field().value).toBe("a");
});
