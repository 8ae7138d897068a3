// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { randomOf } from "#/transport/fakesForTest";
import { eventTypes, hrefOf, readAddress, sorts, stateFilters } from "./address";

const plain = readAddress(undefined, "");

test("the plain page has a plain address", () => {
  expect(hrefOf(plain)).toBe("/cloud");
});

test("filters and the open instance have an address", () => {
  expect(hrefOf({ ...plain, state: "running", q: "23186" })).toBe("/cloud?state=running&q=23186");
  expect(hrefOf({ ...plain, open: "23186bf2", kinds: ["failed", "started"], only: true })).toBe(
    "/cloud/23186bf2?kinds=failed%2Cstarted&only=1",
  );
});

test("what an address does not know is the plain page", () => {
  expect(readAddress(undefined, "?state=tired&sort=luck&kinds=x,y&only=1&page=3")).toEqual(plain);
});

test("every address leads back to what it was made from", () => {
  const random = randomOf(11);
  const any = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  for (let round = 0; round < 200; round++) {
    const open = any([null, "23186bf2-2418-4a65-a38d-d3bee4a383b9"]);
    const address = {
      open,
      q: any(["", "23186", "a b&c=d#e", "привет"]),
      state: any([null, ...stateFilters]),
      sort: any(sorts),
      log: any(["", "Start & stop", "%"]),
      kinds: eventTypes.filter(() => random() < 0.5),
      only: open !== null && random() < 0.5,
    };
    const [path = "", search = ""] = hrefOf(address).split("?");
    expect(readAddress(path.split("/")[2], search)).toEqual(address);
  }
});
