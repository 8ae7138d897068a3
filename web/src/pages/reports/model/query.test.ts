// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { isFiltered, paramsOf, type Query, queryFrom, withStatusToggled } from "./query";
import { statuses } from "./status";

const read = (text: string) => queryFrom(new URLSearchParams(text));

describe("an address", () => {
  it("without anything means all reports, the newest first", () => {
    expect(read("")).toEqual({ statuses: [], text: "", sort: "newest" });
  });

  it("names states, a part of an id and an order", () => {
    expect(read("status=failed,queued&q=%20F15F%20&sort=changed")).toEqual({
      statuses: ["queued", "failed"],
      text: "f15f",
      sort: "changed",
    });
  });

  it("may hold what we do not understand", () => {
    expect(read("status=lost,failed,failed&sort=sideways&x=1")).toEqual({
      statuses: ["failed"],
      text: "",
      sort: "newest",
    });
  });

  it("comes back as it was from every query", () => {
    for (const sort of ["newest", "oldest", "changed", "status"] as const) {
      for (const status of statuses) {
        const query: Query = { statuses: [status], text: "1a2b", sort };
        expect(queryFrom(paramsOf(query))).toEqual(query);
      }
    }
  });

  it("says nothing of what is as always, and keeps what belongs to others", () => {
    expect(paramsOf(read("status=&sort=newest"), new URLSearchParams("q=old&theme=x")).toString()).toBe("theme=x");
  });
});

describe("a chip", () => {
  it("adds its state and takes it away again, in the states' own order", () => {
    const one = withStatusToggled(read(""), "failed");
    const two = withStatusToggled(one, "pending");
    expect(two.statuses).toEqual(["pending", "failed"]);
    expect(withStatusToggled(two, "failed").statuses).toEqual(["pending"]);
  });

  it("makes the list a filtered one", () => {
    expect(isFiltered(read("sort=oldest"))).toBe(false);
    expect(isFiltered(read("status=failed"))).toBe(true);
    expect(isFiltered(read("q=1"))).toBe(true);
  });
});
