// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { i18n } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import * as v from "valibot";
import { ApiError, isUnsettled, request } from "#/api/http";
import { describeError } from "#/i18n/errors";
import { serverNow } from "#/live/serverClock";
import { newKey } from "#/transport/newKey";
import { toast } from "#/ui/toast";
import { accept, begin, forget, rollBack, useCloud } from "./cloud";
import { type Command, isCreating, unconfirmedOf } from "./commands";
import { type Action, obstacleTo } from "./legality";
import type { CloudEvent, Operation, OperationKind } from "./types";
import { readInstance } from "./wire";
import { failureWords, obstacleWords } from "./words";

/** A command that was taken and of which nothing is heard for so long, in ms, is not waited for any more. */
const hearingTime = 10_000;
/** So many commands for many instances are under way at once. */
const atOnce = 4;

const answer = v.object({ opId: v.string(), id: v.string() });

/** Nothing else is created before the server has taken it, however often one clicks. */
export async function create(): Promise<void> {
  if (!isCreating(useCloud.getState().commands)) {
    await sendAndReport(newCommand("create", null));
  }
}

/** Says why where the table forbids it: a key may ask what no button offers, and while a dialog asks things go on. */
export async function act(action: Action, instanceId: string): Promise<void> {
  const reason = hindranceTo(action, instanceId);
  if (reason === null) {
    await sendAndReport(newCommand(action, instanceId));
  } else {
    toast({ tone: "bad", text: i18n._(reason) });
  }
}

/** The same for many, all of which are locked at once; how it went is told once. */
export async function actOnMany(action: Action, instanceIds: readonly string[]): Promise<void> {
  const waiting = instanceIds.filter((id) => hindranceTo(action, id) === null).map((id) => newCommand(action, id));
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
  await Promise.all(Array.from({ length: atOnce }, worker));
  const taken = count - errors.length;
  toast({
    tone: errors.length === 0 ? "ok" : "bad",
    text:
      errors.length === 0
        ? plural(count, { one: "# command was taken", other: "# commands were taken" })
        : t`${plural(count, { one: "# command", other: "# commands" })}: ${taken} taken, ${errors.length} refused`,
    ...(errors.length > 0 && { details: errors.join("\n\n") }),
  });
}

/** Why it cannot be asked for now; null: it can. */
function hindranceTo(action: Action, instanceId: string): MessageDescriptor | null {
  const { fleet, commands } = useCloud.getState();
  const instance = fleet.known.get(instanceId)?.instance;
  if (!instance) {
    return msg`There is no such instance now.`;
  }
  const obstacle = obstacleTo(action, instance.state, instance.operation?.kind ?? unconfirmedOf(commands, instanceId));
  return obstacle && obstacleWords[obstacle];
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

/** Sends what is locked, and takes the lock away again where it came to nothing. */
async function send(command: Command, isRepeat = false): Promise<ApiError | null> {
  try {
    const response = await call(command);
    const { opId, id } = v.parse(answer, await response.json());
    waitFor(command, opId, id);
    return null;
  } catch (error) {
    const refusal = error instanceof ApiError ? error : new ApiError("unknown", 0, String(error));
    if (isRepeat && (await hadArrived(command, refusal.code))) {
      return null;
    }
    undo(command, refusal.code);
    return refusal;
  }
}

function waitFor({ key }: Command, operationId: string, instanceId: string): void {
  accept(key, { operationId, instanceId });
  setTimeout(() => giveUp(key), hearingTime);
}

/** Whether a repeated command was refused because the first one had arrived; what was asked for is there, or on its way. */
async function hadArrived(command: Command, code: string): Promise<boolean> {
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
    return readInstance(await response.json()).operation;
  } catch {
    // Then the refusal is all that is known.
    return null;
  }
}

function call({ kind, key, instanceId }: Command): Promise<Response> {
  const path = `/api/cloud/instances/${instanceId}`;
  switch (kind) {
    case "create":
      return request("/api/cloud/instances", { method: "POST", idempotencyKey: key });
    case "start":
      return request(path, { method: "PATCH", json: { state: "running" } });
    case "stop":
      return request(path, { method: "PATCH", json: { state: "stopped" } });
    case "remove":
      return request(path, { method: "DELETE" });
  }
}

function undo({ key, kind, instanceId }: Command, code: string): void {
  rollBack(key, { key: `${key}.${serverNow()}`, at: serverNow(), kind, instanceId, code });
}

function giveUp(key: string): void {
  const command = useCloud.getState().commands.get(key);
  if (command && !command.confirmed) {
    undo(command, "unheard");
    const text = i18n._(msg`The server took the command, but nothing was heard of it. The list may be out of date.`);
    toast({ tone: "bad", text, details: detailsOf("unheard", command.instanceId, command.operationId, "") });
  }
}

function report(error: ApiError, command: Command): void {
  const retry = () => void sendAndReport({ ...command, operationId: null, confirmed: false }, true);
  showFailure(failureWords(command.kind, command.instanceId), error.code, {
    details: detailsOf(error.code, command.instanceId, null, error.detail),
    // What did arrive after all is not done twice: a create has its key, the others are refused.
    ...(isUnsettled(error) && { action: { label: i18n._(msg`Try again`), act: retry } }),
  });
}

/** An operation that was begun here has failed on the server. */
export function reportFailure({ kind, instance, error, operationId }: CloudEvent): void {
  const code = error ?? "unknown";
  showFailure(failureWords(kind, instance.id), code, { details: detailsOf(code, instance.id, operationId, "") });
}

interface More {
  details: string;
  action?: { label: string; act: () => void };
}

function showFailure(what: MessageDescriptor, code: string, more: More): void {
  const failure = i18n._(what);
  const reason = describeError(code);
  toast({ tone: "bad", text: i18n._(msg`${failure}. ${reason}`), ...more });
}

/** For whoever is asked for help; in no language. */
function detailsOf(code: string, instanceId: string | null, operationId: string | null, detail: string): string {
  const lines = { code, instance: instanceId, operation: operationId, detail };
  return Object.entries(lines)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
