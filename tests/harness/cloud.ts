// SPDX-License-Identifier: Apache-2.0
// The cloud dashboard's verbs: an operator's requests to the API, and the meaning of its events.

import { expect } from 'vitest';
import {
    type Address,
    type Reply,
    request,
    type RequestOptions,
    sseAt,
    type SseStream,
    wholeHistory,
} from './verbs.ts';
import { eventually } from './wait.ts';

export const kInstances = '/api/cloud/instances';
export const kEvents = '/api/cloud/events';
export const kTopic = 'howl:cloud';
export const kOutcomes = ['created', 'started', 'stopped', 'removed', 'failed'];
export const kUnknownId = '00000000-0000-4000-8000-000000000000';

export const kUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const kIsoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export type State = 'running' | 'stopped';
export type Kind = 'create' | 'start' | 'stop' | 'remove';

export interface Instance {
    id: string;
    state: State;
    timestamp: string;
    name?: string;
    op?: { id: string; kind: Kind; startedAt: string; durationMs: number };
}

export interface Accepted {
    status: 'ok';
    opId: string;
    id: string;
}

/** The data of an event, and its type. */
export interface Notice {
    type: string;
    opId: string;
    kind: Kind;
    durationMs: number;
    door: string;
    instance: Instance;
    error?: string;
}

// --- Commands ---

/** `body` as JSON; a text is sent as it is. */
export function command(
    server: Address,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
): Promise<Reply> {
    const options: RequestOptions = { headers };
    if (body !== undefined) {
        options.headers = { 'content-type': 'application/json', ...headers };
        options.body = typeof body === 'string' ? body : JSON.stringify(body);
    }
    return request(server, method, path, options);
}

export const askCreate = (server: Address, body?: unknown, key?: string) =>
    command(server, 'POST', kInstances, body, key === undefined ? {} : { 'idempotency-key': key });
export const askState = (server: Address, id: string, state: State) =>
    command(server, 'PATCH', `${kInstances}/${id}`, { state });
export const askRemove = (server: Address, id: string) =>
    command(server, 'DELETE', `${kInstances}/${id}`);

export async function accepted(asked: Promise<Reply>): Promise<Accepted> {
    const reply = await asked;
    expect([reply.status, reply.json], reply.text).toEqual([
        202,
        { status: 'ok', opId: expect.stringMatching(kUuid), id: expect.stringMatching(kUuid) },
    ]);
    return reply.json as Accepted;
}

// --- What there is ---

export interface List {
    instances: Instance[];
    /** Where the events go on from here. */
    cursor: string;
}

export async function list(server: Address): Promise<List> {
    const reply = await request(server, 'GET', kInstances);
    expect(reply.status, reply.text).toBe(200);
    return { instances: reply.json, cursor: String(reply.headers['howl-cursor']) };
}

/** Undefined when there is none. */
export async function find(server: Address, id: string): Promise<Instance | undefined> {
    const reply = await request(server, 'GET', `${kInstances}/${id}`);
    expect([200, 404], reply.text).toContain(reply.status);
    return reply.status === 200 ? (reply.json as Instance) : undefined;
}

/** The instance when nothing is done on it any more, or undefined when it has gone. */
export async function settled(server: Address, id: string): Promise<Instance | undefined> {
    const found = await eventually(`${id} is at rest`, async () => {
        const instance = await find(server, id);
        return instance?.op === undefined && { instance };
    });
    return found.instance;
}

/** The list when nothing is done on any instance any more. */
export function settledList(server: Address): Promise<Instance[]> {
    return eventually('all instances are at rest', async () => {
        const { instances } = await list(server);
        return instances.every((instance) => instance.op === undefined) && instances;
    });
}

/** The id of a new instance that is created, stopped or running. */
export async function made(server: Address, state: State = 'stopped'): Promise<string> {
    const { id } = await accepted(askCreate(server));
    await settled(server, id);
    if (state === 'running') {
        await accepted(askState(server, id, state));
        await settled(server, id);
    }
    return id;
}

// --- Events ---

export const noticeOf = (event: { type: string; data: string }): Notice => ({
    type: event.type,
    ...JSON.parse(event.data),
});

/** From now on, or from where a list or an id says. */
export function cloudEvents(server: Address, lastEventId?: string): Promise<SseStream> {
    return sseAt(server, kEvents, lastEventId === undefined ? {} : { lastEventId });
}

export async function nextNotice(stream: SseStream, what = 'a notice'): Promise<Notice> {
    return noticeOf(await stream.next(what));
}

/** Everything that the topic keeps, in order. */
export async function toldSoFar(server: Address): Promise<Array<Notice & { time: string }>> {
    const events = await wholeHistory(server, kTopic);
    return events.map(({ type = '', data, time }) => ({
        time,
        ...noticeOf({ type, data: String(data) }),
    }));
}

/** What the list shows when it showed `before` and then `notices` came. */
export function fold(notices: Notice[], before: Instance[] = []): Instance[] {
    const known = new Map(before.map((instance) => [instance.id, instance]));
    for (const { type, kind, instance } of notices) {
        if (type === 'removed' || (type === 'failed' && kind === 'create')) {
            known.delete(instance.id);
        } else {
            known.set(instance.id, instance);
        }
    }
    return byId([...known.values()]);
}

export const byId = (instances: Instance[]): Instance[] =>
    [...instances].sort((one, other) => one.id.localeCompare(other.id));
