// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { i18n } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { ApiError, isUnsettled, readAnswer, request } from "#/api/http";
import { describeError } from "#/i18n/errors";
import { serverNow } from "#/live/serverClock";
import { newKey } from "#/transport/newKey";
import { toast } from "#/ui/toast";
import { accept, begin, forget, rollBack, useCloud } from "./cloud";
import { type Command, isCreating, unconfirmedOf } from "./commands";
import { failureText, obstacleLabels } from "./labels";
import { type Action, obstacleTo } from "./legality";
import { accepted, instance } from "./schemas";
import type { CloudEvent, Operation, OperationKind } from "./types";

/** An accepted command without an event after this, in ms, is given up. */
const confirmTimeout = 10_000;
/** The number of commands for many instances that are in flight. */
const concurrency = 4;

/** One create at a time: further clicks are ignored until the server has accepted it. */
export async function create(name?: string): Promise<void> {
  if (!isCreating(useCloud.getState().commands)) {
    await sendAndReport({ ...newCommand("create", null), ...(name !== undefined && { name }) });
  }
}

/** Shows why where the action is not possible: a shortcut is always there, and the state may change while a dialog is open. */
export async function runAction(action: Action, instanceId: string): Promise<void> {
  const reason = disabledReason(action, instanceId);
  if (reason === null) {
    await sendAndReport(newCommand(action, instanceId));
  } else {
    toast({ tone: "bad", text: i18n._(reason) });
  }
}

/** The same for many, all of which are locked at once; the outcome is shown once. */
export async function runActions(action: Action, instanceIds: readonly string[]): Promise<void> {
  const waiting = instanceIds.filter((id) => disabledReason(action, id) === null).map((id) => newCommand(action, id));
  if (waiting.length === 0) {
    toast({ tone: "bad", text: t`None of the selected ones allows it now` });
    return;
  }
  begin(...waiting);
  const count = waiting.length;
  const errors: string[] = [];
  const worker = async () => {
    for (let command = waiting.shift(); command; command = waiting.shift()) {
      const error = await send(command);
      if (error) {
        errors.push(detailsOf(error.code, command.instanceId, null, error.detail));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const taken = count - errors.length;
  toast({
    tone: errors.length === 0 ? "ok" : "bad",
    text:
      errors.length === 0
        ? plural(count, { one: "# command was accepted", other: "# commands were accepted" })
        : t`${plural(count, { one: "# command", other: "# commands" })}: ${taken} accepted, ${errors.length} refused`,
    ...(errors.length > 0 && { details: errors.join("\n\n") }),
  });
}

/** Why the action is not possible now; null: it is. */
function disabledReason(action: Action, instanceId: string): MessageDescriptor | null {
  const { fleet, commands } = useCloud.getState();
  const instance = fleet.known.get(instanceId)?.instance;
  if (!instance) {
    return msg`There is no such instance now.`;
  }
  const obstacle = obstacleTo(action, instance.state, instance.operation?.kind ?? unconfirmedOf(commands, instanceId));
  return obstacle && obstacleLabels[obstacle];
}

function newCommand(kind: OperationKind, instanceId: string | null): Command {
  return { key: newKey(), kind, instanceId, operationId: null, confirmed: false };
}

async function sendAndReport(command: Command, isRepeat = false): Promise<void> {
  begin(command);
  const error = await send(command, isRepeat);
  if (error) {
    report(error, command);
  }
}

/** Sends a command whose instance is locked, and unlocks it where the command failed. */
async function send(command: Command, isRepeat = false): Promise<ApiError | null> {
  try {
    const response = await call(command);
    const { opId, id } = await readAnswer(response, accepted);
    waitFor(command, opId, id);
    return null;
  } catch (error) {
    const refusal = error instanceof ApiError ? error : new ApiError("unknown", 0, String(error));
    if (isRepeat && (await hadSucceeded(command, refusal.code))) {
      return null;
    }
    rollBackCommand(command, refusal.code);
    return refusal;
  }
}

function waitFor({ key }: Command, operationId: string, instanceId: string): void {
  accept(key, { operationId, instanceId });
  setTimeout(() => onUnconfirmed(key), confirmTimeout);
}

/** Whether a repeated command was refused because the first one had arrived: its effect is there, or under way. */
async function hadSucceeded(command: Command, code: string): Promise<boolean> {
  const { key, kind, instanceId } = command;
  if (code === "illegal_state" || (code === "not_found" && kind === "remove")) {
    forget(key);
    return true;
  }
  const operation = code === "busy" && instanceId !== null ? await operationOf(instanceId) : null;
  if (instanceId === null || operation?.kind !== kind) {
    return false;
  }
  waitFor(command, operation.id, instanceId);
  return true;
}

async function operationOf(instanceId: string): Promise<Operation | null> {
  try {
    const response = await request(`/api/cloud/instances/${instanceId}`);
    return (await readAnswer(response, instance)).operation;
  } catch {
    // The refusal is all that is known.
    return null;
  }
}

function call({ kind, key, instanceId, name }: Command): Promise<Response> {
  const path = `/api/cloud/instances/${instanceId}`;
  switch (kind) {
    case "create":
      return request("/api/cloud/instances", {
        method: "POST",
        idempotencyKey: key,
        ...(name !== undefined && { json: { name } }),
      });
    case "start":
      return request(path, { method: "PATCH", json: { state: "running" } });
    case "stop":
      return request(path, { method: "PATCH", json: { state: "stopped" } });
    case "remove":
      return request(path, { method: "DELETE" });
  }
}

function rollBackCommand({ key, kind, instanceId }: Command, code: string): void {
  rollBack(key, { key: `${key}.${serverNow()}`, at: serverNow(), kind, instanceId, code });
}

function onUnconfirmed(key: string): void {
  const command = useCloud.getState().commands.get(key);
  if (command && !command.confirmed) {
    rollBackCommand(command, "unconfirmed");
    const text = i18n._(msg`The server accepted the command, but no confirmation came. The list may be out of date.`);
    toast({ tone: "bad", text, details: detailsOf("unconfirmed", command.instanceId, command.operationId, "") });
  }
}

function report(error: ApiError, command: Command): void {
  const retry = () => void sendAndReport({ ...command, operationId: null, confirmed: false }, true);
  showFailure(failureText(command.kind, command.instanceId), error.code, {
    details: detailsOf(error.code, command.instanceId, null, error.detail),
    // A command that did arrive is not executed twice: a create has its key, the others are refused.
    ...(isUnsettled(error) && { action: { label: i18n._(msg`Try again`), run: retry } }),
  });
}

/** Shows that an operation started here has failed on the server. */
export function reportFailure({ kind, instance, error, operationId }: CloudEvent): void {
  const code = error ?? "unknown";
  showFailure(failureText(kind, instance.id), code, { details: detailsOf(code, instance.id, operationId, "") });
}

interface More {
  details: string;
  action?: { label: string; run: () => void };
}

function showFailure(what: MessageDescriptor, code: string, more: More): void {
  const failure = i18n._(what);
  const reason = describeError(code);
  toast({ tone: "bad", text: i18n._(msg`${failure}. ${reason}`), ...more });
}

/** Details for support requests; not translated. */
function detailsOf(code: string, instanceId: string | null, operationId: string | null, detail: string): string {
  const lines = { code, instance: instanceId, operation: operationId, detail };
  return Object.entries(lines)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
