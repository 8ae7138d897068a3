// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "#/contract/reads";
import type { Report, ReportEvent, ReportEventType } from "#/contract/shapes";
import { statuses } from "../model/status";

// A state that this page does not know could not be shown.
const status = v.picklist(statuses);
const move = v.object({ status, at: v.string(), by: v.string(), via: v.string(), attempt: v.number() });
const picture = {
  id: v.string(),
  userId: v.string(),
  status,
  attempt: v.number(),
  version: v.number(),
  createdAt: v.string(),
  updatedAt: v.string(),
  allowed: v.array(status),
};

/** An answer of `/api/reports`. */
export const wholeReport = reads<Report>()(v.object({ ...picture, history: v.array(move) }));
/** The data of an event. */
export const reportEvent = reads<ReportEvent>()(v.object({ ...picture, move }));
/** The types of events that are known here. */
export const reportEventType = reads<ReportEventType>()(v.picklist(["report_created", "report_status_update"]));
