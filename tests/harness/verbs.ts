// SPDX-License-Identifier: Apache-2.0
// The verbs that the tests are written in: publish, history, sse, eventSource, wsConnect.

import { EventSource } from 'eventsource';
import { Agent, request as httpRequest } from 'undici';
import { expect } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { SseParser, type SseEvent } from './sse_parser.ts';
import { kPatienceMs, Mailbox, within } from './wait.ts';

export interface Address {
    url: string;
    port: number;
}

// --- Requests ---

export interface Reply {
    status: number;
    headers: Record<string, string | string[] | undefined>;
    text: string;
    json: any;
}

export interface RequestOptions {
    headers?: Record<string, string | string[]>;
    body?: string | Buffer;
}

/** Each request on a connection of its own choosing; streams have theirs, see `sse`. */
const agent = new Agent({ connections: 64, pipelining: 1, keepAliveTimeout: 2_000 });

export async function request(
    server: Address,
    method: string,
    path: string,
    options: RequestOptions = {},
): Promise<Reply> {
    const reply = await httpRequest(server.url + path, {
        method: method as 'GET',
        dispatcher: agent,
        headersTimeout: kPatienceMs * 2,
        bodyTimeout: kPatienceMs * 2,
        ...(options.headers === undefined ? {} : { headers: options.headers }),
        ...(options.body === undefined ? {} : { body: options.body }),
    });
    const text = await reply.body.text();
    const isJson = /json/.test(String(reply.headers['content-type']));
    return {
        status: reply.statusCode,
        headers: reply.headers,
        text,
        json: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
}

/** An error reply is `application/problem+json`, repeats the status, and has a stable code. */
export function expectProblem(reply: Reply, status: number, code: string): void {
    expect({ status: reply.status, code: reply.json?.code, body: reply.text }).toEqual({
        status,
        code,
        body: reply.text,
    });
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.json.status).toBe(status);
}

// --- Topics ---

export interface Receipt {
    topic: string;
    epoch: string;
    offset: number;
}

export interface PublishOptions {
    type?: string;
    contentType?: string;
    key?: string;
}

/** The bare request behind `publish`, for tests about its refusals. */
export function postEvent(
    server: Address,
    topic: string,
    data: string | Buffer,
    options: PublishOptions = {},
): Promise<Reply> {
    const type = options.type === undefined ? '' : `?type=${encodeURIComponent(options.type)}`;
    return request(server, 'POST', `/api/topics/${topic}/events${type}`, {
        headers: {
            'content-type': options.contentType ?? 'text/plain',
            ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        },
        body: data,
    });
}

export async function publish(
    server: Address,
    topic: string,
    data: string | Buffer,
    options: PublishOptions = {},
): Promise<Receipt> {
    const reply = await postEvent(server, topic, data, options);
    const allowed = options.key === undefined ? [201] : [200, 201];
    expect(allowed, `POST to ${topic}: ${reply.status} ${reply.text}`).toContain(reply.status);
    expect(reply.json).toMatchObject({ topic, offset: expect.any(Number) });
    return reply.json as Receipt;
}

/** Publishes until it is acknowledged, as a careful publisher does across a restart. */
export async function publishWhateverHappens(
    server: Address,
    topic: string,
    data: string,
    key: string,
    ms = 30_000,
): Promise<Receipt> {
    const deadline = performance.now() + ms;
    for (;;) {
        const reply = await postEvent(server, topic, data, { key }).catch(() => undefined);
        if (reply?.status === 201 || reply?.status === 200) {
            return reply.json as Receipt;
        }
        if (performance.now() > deadline || (reply && reply.status < 500)) {
            throw new Error(`never acknowledged: ${reply?.status} ${reply?.text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

export interface HistoryEvent {
    topic?: string;
    offset: number;
    type?: string;
    time: string;
    data: unknown;
}

export interface History {
    topic: string;
    epoch: string;
    events: HistoryEvent[];
}

export async function history(
    server: Address,
    topic: string,
    query: { after?: number; limit?: number } = {},
): Promise<History> {
    const parameters = Object.entries(query).map(([name, value]) => `&${name}=${value}`);
    const path = `/api/topics/${topic}/events?format=json${parameters.join('')}`;
    const reply = await request(server, 'GET', path);
    expect(reply.status, reply.text).toBe(200);
    return reply.json as History;
}

/** Every event of a topic, page by page. */
export async function wholeHistory(server: Address, topic: string): Promise<HistoryEvent[]> {
    const all: HistoryEvent[] = [];
    for (;;) {
        const after = all.at(-1)?.offset ?? 0;
        const { events } = await history(server, topic, { after, limit: 1000 });
        if (events.length === 0) {
            return all;
        }
        all.push(...events);
    }
}

// --- Server-Sent Events, read by our own strict parser ---

export class SseStream {
    readonly events = new Mailbox<SseEvent>();
    readonly parser = new SseParser((event) => this.events.put(event));
    readonly ended: Promise<string>;

    constructor(
        readonly status: number,
        readonly headers: Record<string, string | string[] | undefined>,
        private readonly body: AsyncIterable<Buffer> & { destroy(): unknown; on: Function },
        private readonly own: Agent,
    ) {
        this.ended = this.read();
    }

    next(what = 'an event', ms = kPatienceMs): Promise<SseEvent> {
        return this.events.next(what, ms);
    }

    take(count: number, what = 'events', ms = kPatienceMs): Promise<SseEvent[]> {
        return this.events.take(count, what, ms);
    }

    close(): void {
        this.body.destroy();
        void this.own.destroy();
    }

    private async read(): Promise<string> {
        let how = 'end of stream';
        try {
            for await (const chunk of this.body) {
                this.parser.push(chunk);
            }
        } catch (error) {
            how = String(error);
        }
        this.events.end(how);
        void this.own.destroy();
        return how;
    }
}

export interface SseOptions {
    lastEventId?: string;
    headers?: Record<string, string>;
}

/** `/api/topics/T/events` for one topic, `/api/events?topic=...` for several. */
export function streamPath(topics: string | string[]): string {
    if (typeof topics === 'string') {
        return `/api/topics/${topics}/events`;
    }
    return `/api/events?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')}`;
}

export function sse(
    server: Address,
    topics: string | string[],
    options: SseOptions = {},
): Promise<SseStream> {
    return sseAt(server, streamPath(topics), options);
}

/** Completes when the head has arrived: events that are published now are received. */
export async function sseAt(
    server: Address,
    path: string,
    options: SseOptions = {},
): Promise<SseStream> {
    const own = new Agent({ bodyTimeout: 0 });
    const reply = await httpRequest(server.url + path, {
        dispatcher: own,
        headersTimeout: kPatienceMs,
        headers: {
            accept: 'text/event-stream',
            ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
            ...options.headers,
        },
    });
    if (reply.statusCode !== 200) {
        const text = await reply.body.text();
        void own.destroy();
        throw new Error(`GET ${path}: ${reply.statusCode} ${text}`);
    }
    expect(reply.headers['content-type']).toMatch(/^text\/event-stream/);
    return new SseStream(reply.statusCode, reply.headers, reply.body as any, own);
}

// --- The npm EventSource, as a browser would do it ---

export interface Heard {
    type: string;
    data: string;
    lastEventId: string;
}

/** Receives `message`, `reset` and every type named in `types`. */
export class BrowserStream {
    readonly events = new Mailbox<Heard>();
    readonly opened: Promise<void>;
    readonly source: EventSource;
    connections = 0;

    constructor(url: string, types: string[] = []) {
        this.source = new EventSource(url);
        for (const type of ['message', 'reset', ...types]) {
            this.source.addEventListener(type, (event: any) => {
                const { data, lastEventId } = event;
                this.events.put({ type, data, lastEventId });
            });
        }
        this.opened = within(
            new Promise((resolve) => {
                this.source.addEventListener('open', () => {
                    this.connections += 1;
                    resolve();
                });
            }),
            `EventSource opens ${url}`,
        );
    }

    next(what = 'an event', ms = kPatienceMs): Promise<Heard> {
        return this.events.next(what, ms);
    }

    take(count: number, what = 'events', ms = kPatienceMs): Promise<Heard[]> {
        return this.events.take(count, what, ms);
    }

    close(): void {
        this.source.close();
    }
}

export async function eventSource(
    server: Address,
    path: string,
    types: string[] = [],
): Promise<BrowserStream> {
    const stream = new BrowserStream(server.url + path, types);
    await stream.opened;
    return stream;
}

// --- WebSocket, the stock `ws` client ---

export interface Closed {
    code: number;
    reason: string;
}

export class WsClient {
    readonly messages = new Mailbox<string>();
    readonly closed: Promise<Closed>;

    constructor(readonly socket: WebSocket) {
        socket.on('message', (data) => this.messages.put(data.toString()));
        this.closed = new Promise((resolve) => {
            socket.on('close', (code, reason) => {
                this.messages.end(`closed ${code} ${reason.toString()}`);
                resolve({ code, reason: reason.toString() });
            });
        });
        socket.on('error', () => {});
    }

    nextText(what = 'a message', ms = kPatienceMs): Promise<string> {
        return this.messages.next(what, ms);
    }

    async next(what = 'a message', ms = kPatienceMs): Promise<any> {
        return JSON.parse(await this.messages.next(what, ms));
    }

    async take(count: number, what = 'messages', ms = kPatienceMs): Promise<any[]> {
        return (await this.messages.take(count, what, ms)).map((text) => JSON.parse(text));
    }

    send(message: string | Buffer | object): void {
        const ready = typeof message === 'string' || Buffer.isBuffer(message);
        this.socket.send(ready ? message : JSON.stringify(message));
    }

    expectClosed(ms = kPatienceMs): Promise<Closed> {
        return within(this.closed, 'the server closes the WebSocket', ms);
    }

    close(): void {
        this.socket.terminate();
    }
}

/** A handshake that the server answered with something other than 101. */
export class HandshakeRefused extends Error {
    constructor(
        readonly status: number,
        readonly body: string,
    ) {
        super(`handshake refused: ${status} ${body}`);
    }
}

export function wsConnect(
    server: Address,
    path: string,
    options: ClientOptions = {},
): Promise<WsClient> {
    const url = `ws://127.0.0.1:${server.port}${path}`;
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const client = new WsClient(socket);
    const outcome = new Promise<WsClient>((resolve, reject) => {
        socket.on('open', () => resolve(client));
        socket.on('error', reject);
        socket.on('unexpected-response', (_, response) => {
            let body = '';
            response.on('data', (chunk) => (body += chunk));
            response.on('end', () => {
                reject(new HandshakeRefused(response.statusCode ?? 0, body));
                socket.terminate();
            });
        });
    });
    return within(outcome, `WebSocket opens ${path}`);
}

// --- Metrics ---

/** Sum of every sample of metric `name` whose labels contain `labels`; 0 when there is none. */
export async function metric(
    server: Address,
    name: string,
    labels: Record<string, string> = {},
): Promise<number> {
    const { text } = await request(server, 'GET', '/metrics');
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return text
        .split('\n')
        .map((line) => /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/.exec(line))
        .filter((sample) => sample?.[1] === name)
        .filter((sample) => wanted.every((label) => (sample?.[2] ?? '').includes(label)))
        .reduce((sum, sample) => sum + Number(sample?.[3]), 0);
}
