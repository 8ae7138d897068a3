// SPDX-License-Identifier: Apache-2.0
// The verbs of the reports: a user's requests to the API and to the endpoint /v4, and the replies.

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { command } from './cloud.ts';
import type { Random } from './random.ts';
import {
    type Address,
    type Reply,
    request,
    sseAt,
    type SseStream,
    wholeHistory,
} from './verbs.ts';

export const kReports = '/api/reports';
export const kStatuses = [
    'pending',
    'queued',
    'processing',
    'canceled',
    'failed',
    'completed',
] as const;
export type Status = (typeof kStatuses)[number];

/** The eight legal moves, as the original service has them. */
export const kMoves: Readonly<Record<Status, readonly Status[]>> = {
    pending: ['queued', 'canceled'],
    queued: ['processing', 'canceled'],
    processing: ['completed', 'failed'],
    canceled: ['pending'],
    failed: ['pending'],
    completed: [],
};

/** How a new report gets to a status. */
export const kWayTo: Readonly<Record<Status, readonly Status[]>> = {
    pending: [],
    queued: ['queued'],
    processing: ['queued', 'processing'],
    canceled: ['canceled'],
    failed: ['queued', 'processing', 'failed'],
    completed: ['queued', 'processing', 'completed'],
};

/** Every pair of statuses, and whether a report may go from the one to the other: 6 x 6. */
export const kMatrix = kStatuses.flatMap((from) =>
    kStatuses.map((to) => ({ from, to, legal: kMoves[from].includes(to) })),
);

export interface Move {
    status: Status;
    at: string;
    by: string;
    via: 'api' | 'v4' | 'kafka';
    attempt: number;
}

interface Head {
    id: string;
    userId: string;
    status: Status;
    attempt: number;
    version: number;
    createdAt: string;
    updatedAt: string;
    allowed: Status[];
}

export type Report = Head & { history: Move[] };
/** The data of an event, and its type. */
export type Notice = Head & { type: string; move: Move };

/** A fresh user, so that tests that share a server don't get each other's events. */
export const newUser = (): string => randomUUID();

const of = (user: string) => `?user_id=${encodeURIComponent(user)}`;
export const eventsPath = (user: string) => `${kReports}/events${of(user)}`;
export const topicOf = (user: string) => `howl:reports/${user}`;

// --- The API ---

export const askCreate = (server: Address, user: string, key?: string): Promise<Reply> =>
    command(
        server,
        'POST',
        kReports + of(user),
        undefined,
        key === undefined ? {} : { 'idempotency-key': key },
    );

export async function create(server: Address, user: string): Promise<Report> {
    const reply = await askCreate(server, user);
    expect(reply.status, reply.text).toBe(201);
    return reply.json as Report;
}

/** `status` is sent as it is, so that tests may send an unknown one. */
export const askMove = (
    server: Address,
    user: string,
    id: string,
    status: string,
): Promise<Reply> => command(server, 'PATCH', `${kReports}/${id}${of(user)}`, { status });

export async function move(
    server: Address,
    user: string,
    id: string,
    status: Status,
): Promise<Report> {
    const reply = await askMove(server, user, id, status);
    expect(reply.status, reply.text).toBe(200);
    return reply.json as Report;
}

/** A new report that has come to `status`. */
export async function createdAs(server: Address, user: string, status: Status): Promise<Report> {
    let report = await create(server, user);
    for (const step of kWayTo[status]) {
        report = await move(server, user, report.id, step);
    }
    return report;
}

/** Undefined when the user has none of that id. */
export async function find(
    server: Address,
    user: string,
    id: string,
): Promise<Report | undefined> {
    const reply = await request(server, 'GET', `${kReports}/${id}${of(user)}`);
    expect([200, 404], reply.text).toContain(reply.status);
    return reply.status === 200 ? (reply.json as Report) : undefined;
}

export interface List {
    reports: Report[];
    /** Where the events go on from here. */
    cursor: string;
}

export async function list(server: Address, user: string): Promise<List> {
    const reply = await request(server, 'GET', kReports + of(user));
    expect(reply.status, reply.text).toBe(200);
    return { reports: reply.json, cursor: String(reply.headers['howl-cursor']) };
}

// --- Events ---

export const noticeOf = (event: { type: string; data: string }): Notice => ({
    ...JSON.parse(event.data),
    type: event.type,
});

/** From now on, or from where a list or an id says. */
export const stream = (server: Address, user: string, lastEventId?: string): Promise<SseStream> =>
    sseAt(server, eventsPath(user), lastEventId === undefined ? {} : { lastEventId });

export const nextNotice = async (from: SseStream, what = 'a notice'): Promise<Notice> =>
    noticeOf(await from.next(what));

/** Everything that a user's topic keeps, in order. */
export async function toldSoFar(server: Address, user: string): Promise<Notice[]> {
    const events = await wholeHistory(server, topicOf(user));
    return events.map(({ type = '', data }) => noticeOf({ type, data: String(data) }));
}

/** What a list shows when it showed `before` and then `notices` came; what was known is nothing new. */
export function fold(notices: Notice[], before: Report[] = []): Report[] {
    const known = new Map(before.map((report) => [report.id, report]));
    for (const { type: _, move: newest, ...head } of notices) {
        const report = known.get(head.id);
        if (report === undefined || report.version < head.version) {
            known.set(head.id, { ...head, history: [...(report?.history ?? []), newest] });
        }
    }
    return byId([...known.values()]);
}

export const byId = <T extends { id: string }>(reports: T[]): T[] =>
    [...reports].sort((one, other) => one.id.localeCompare(other.id));

export const anyStatus = (random: Random): Status =>
    kStatuses[random.between(0, kStatuses.length - 1)] as Status;

// --- The endpoint /v4 ---

/** A report as the original server sends it. */
export interface V4Report {
    userId: string;
    reportId: string;
    reportStatus: Status;
}

export const v4StreamPath = (user: string) => `/v4/sse${of(user)}`;

export async function v4Create(server: Address, user: string): Promise<V4Report> {
    const reply = await request(server, 'POST', `/v4/new/report${of(user)}`);
    expect(reply.status, reply.text).toBe(201);
    return reply.json as V4Report;
}

/** In the order of their ids: the endpoint promises none. */
export async function v4List(server: Address, user: string): Promise<V4Report[]> {
    const reply = await request(server, 'GET', `/v4/reports${of(user)}`);
    expect(reply.status, reply.text).toBe(200);
    const reports = reply.json as V4Report[];
    return reports.sort((one, other) => one.reportId.localeCompare(other.reportId));
}

/** The PUT of `update_report_status.sh`, byte for byte. */
export const v4Put = (
    server: Address,
    user: string,
    id: string,
    status: string,
): Promise<Reply> =>
    request(server, 'PUT', `/v4/report${of(user)}`, {
        headers: { 'content-type': 'application/json' },
        body: `{"id":"${id}", "status":"${status}"}`,
    });

/** The outcome of a PUT: `applied`, `refused; reason=...`, `queued`. */
export async function v4Move(
    server: Address,
    user: string,
    id: string,
    status: string,
): Promise<string> {
    const reply = await v4Put(server, user, id, status);
    expect([reply.status, reply.text]).toEqual([202, '']);
    return String(reply.headers['howl-move']);
}
