// SPDX-License-Identifier: Apache-2.0
import { useLocation, useNavigate, useParams } from "react-router";
import type { EventType, RunState } from "./types";

export type StateFilter = RunState | "changing";
export type Sort = "created" | "newest" | "state" | "id";
export const stateFilters: readonly StateFilter[] = ["running", "stopped", "changing"];
export const sorts: readonly Sort[] = ["created", "newest", "state", "id"];
export const eventTypes: readonly EventType[] = ["received", "created", "started", "stopped", "removed", "failed"];

/** The part of the page's state that is in its URL: `/cloud/:id?state=running&q=23186`. */
export interface Address {
  /** The instance whose details are open. */
  open: string | null;
  q: string;
  state: StateFilter | null;
  sort: Sort;
  /** The Worklog's filters: text, kinds (none: all), only the open instance. */
  log: string;
  kinds: readonly EventType[];
  only: boolean;
}

export function readAddress(open: string | undefined, search: string): Address {
  const query = new URLSearchParams(search);
  const kinds = (query.get("kinds") ?? "").split(",");
  return {
    open: open ?? null,
    q: query.get("q") ?? "",
    state: stateFilters.find((each) => each === query.get("state")) ?? null,
    sort: sorts.find((each) => each === query.get("sort")) ?? "created",
    log: query.get("log") ?? "",
    kinds: eventTypes.filter((each) => kinds.includes(each)),
    only: open !== undefined && query.get("only") === "1",
  };
}

/** Default values are omitted. */
export function hrefOf({ open, q, state, sort, log, kinds, only }: Address): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | null | false) => value && query.set(name, value);
  put("state", state);
  put("q", q);
  put("sort", sort !== "created" && sort);
  put("log", log);
  put("kinds", kinds.join(","));
  put("only", open !== null && only && "1");
  const search = query.toString();
  return `/cloud${open === null ? "" : `/${encodeURIComponent(open)}`}${search && `?${search}`}`;
}

/** Changes the URL; typing replaces the history entry, everything else adds one. */
export type ChangeAddress = (part: Partial<Address>, how?: { replace: boolean }) => void;

export function useAddress(): [Address, ChangeAddress] {
  const { id } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const address = readAddress(id, search);
  const change: ChangeAddress = (part, how) => void navigate(hrefOf({ ...address, ...part }), how);
  return [address, change];
}
