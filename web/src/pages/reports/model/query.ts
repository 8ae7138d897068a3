// SPDX-License-Identifier: Apache-2.0
import { isStatus, type Status, statuses } from "./status";

export const sorts = ["newest", "oldest", "changed", "status"] as const;
export type Sort = (typeof sorts)[number];

/** Filter and order of the reports; both are in the URL. */
export interface Query {
  /** Empty: all. */
  statuses: readonly Status[];
  /** A part of the id. */
  text: string;
  sort: Sort;
}

/** Reads the URL's query; unknown values are ignored. */
export function queryFrom(params: URLSearchParams): Query {
  const wanted = (params.get("status") ?? "").split(",").filter(isStatus);
  const sort = params.get("sort");
  return {
    statuses: statuses.filter((status) => wanted.includes(status)),
    text: (params.get("q") ?? "").trim().toLowerCase(),
    sort: sorts.find((each) => each === sort) ?? "newest",
  };
}

/** The URL's query, with the parameters of others unchanged; default values are omitted. */
export function paramsOf(query: Query, others: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const params = new URLSearchParams(others);
  const put = (name: string, value: string) => (value ? params.set(name, value) : params.delete(name));
  put("status", query.statuses.join(","));
  put("q", query.text);
  put("sort", query.sort === "newest" ? "" : query.sort);
  return params;
}

export function withStatusToggled(query: Query, status: Status): Query {
  const on = query.statuses.includes(status);
  return {
    ...query,
    statuses: statuses.filter((each) => (each === status ? !on : query.statuses.includes(each))),
  };
}

export function isFiltered(query: Query): boolean {
  return query.statuses.length > 0 || query.text !== "";
}

export function isSameQuery(a: Query, b: Query): boolean {
  return a.text === b.text && a.sort === b.sort && a.statuses.join() === b.statuses.join();
}
