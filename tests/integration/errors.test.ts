// SPDX-License-Identifier: Apache-2.0
// Every documented refusal, seen from outside. A refusal costs its own request only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer, withServer } from '../harness/server.ts';
import { smallServer } from '../harness/settings.ts';
import {
    expectProblem,
    HandshakeRefused,
    metric,
    postEvent,
    request,
    sse,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer();
let pid = 0;
beforeAll(() => {
    pid = server.pid;
});
afterAll(() => {
    expect(server.pid).toBe(pid);
});

interface Refusal {
    what: string;
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: string;
    status: number;
    code: string;
}

const get = { method: 'GET' };
const post = { method: 'POST', body: 'x' };
const kEvents = '/api/topics/errors/events';

const refusals: Refusal[] = [
    { what: 'an unknown path', ...get, path: '/no/such/thing', status: 404, code: 'not_found' },
    {
        what: 'an unknown path below /api',
        ...get,
        path: '/api/nothing',
        status: 404,
        code: 'not_found',
    },
    {
        what: 'a topic path without a verb',
        ...get,
        path: '/api/topics/a/b',
        status: 404,
        code: 'not_found',
    },
    {
        what: 'PUT of events',
        method: 'PUT',
        path: kEvents,
        body: 'x',
        status: 405,
        code: 'method_not_allowed',
    },
    {
        what: 'PATCH of events',
        method: 'PATCH',
        path: kEvents,
        body: 'x',
        status: 405,
        code: 'method_not_allowed',
    },
    {
        what: 'POST to a WebSocket path',
        ...post,
        path: '/api/topics/errors/ws',
        status: 405,
        code: 'method_not_allowed',
    },
    {
        what: 'POST to /healthz',
        ...post,
        path: '/healthz',
        status: 405,
        code: 'method_not_allowed',
    },
    {
        what: 'an unknown method',
        method: 'BREW',
        path: kEvents,
        status: 405,
        code: 'method_not_allowed',
    },
    {
        what: 'a topic whose slash is encoded',
        ...post,
        path: '/api/topics/a%2Fb/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'a topic with an empty segment',
        ...post,
        path: '/api/topics/a//b/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'a topic that begins with a slash',
        ...post,
        path: '/api/topics//a/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'a topic of 256 bytes',
        ...post,
        path: `/api/topics/${'n'.repeat(256)}/events`,
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'a topic that is spelled with small digits',
        ...post,
        path: '/api/topics/%d0%b6/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'a topic with NUL',
        ...post,
        path: '/api/topics/a%00b/events',
        status: 400,
        code: 'bad_request',
    },
    {
        what: 'a topic that is no UTF-8',
        ...post,
        path: '/api/topics/%FF/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'an invalid topic to read',
        ...get,
        path: '/api/topics/a%2Fb/events',
        status: 400,
        code: 'invalid_topic',
    },
    {
        what: 'an invalid topic of several',
        ...get,
        path: '/api/events?topic=good&topic=%FF',
        status: 400,
        code: 'invalid_topic',
    },
    { what: 'no topic at all', ...get, path: '/api/events', status: 400, code: 'invalid_query' },
    {
        what: '129 topics',
        ...get,
        path: `/api/events?${Array.from({ length: 129 }, (_, n) => `topic=t${n}`).join('&')}`,
        status: 400,
        code: 'too_many_subscriptions',
    },
    {
        what: 'an event type with a space',
        ...post,
        path: `${kEvents}?type=a%20b`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'an event type with a newline',
        ...post,
        path: `${kEvents}?type=a%0Ab`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'an event type of 65 bytes',
        ...post,
        path: `${kEvents}?type=${'t'.repeat(65)}`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'the reserved event type reset',
        ...post,
        path: `${kEvents}?type=reset`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'the reserved event type error',
        ...post,
        path: `${kEvents}?type=error`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'the reserved event type open',
        ...post,
        path: `${kEvents}?type=open`,
        status: 400,
        code: 'invalid_event_type',
    },
    {
        what: 'a content type that is not ASCII',
        ...post,
        path: kEvents,
        headers: { 'content-type': 'text/pl\u00e4in' },
        status: 400,
        code: 'invalid_content_type',
    },
    {
        what: 'a topic of our own apps',
        ...post,
        path: '/api/topics/howl:inbox/v2/demo/events',
        status: 403,
        code: 'topic_reserved',
    },
    {
        what: 'deleting a topic of our own apps',
        method: 'DELETE',
        path: '/api/topics/howl:wisdom/events',
        status: 403,
        code: 'topic_reserved',
    },
    {
        what: 'a cursor that is none',
        ...get,
        path: `${kEvents}?lastEventId=garbage`,
        status: 400,
        code: 'invalid_cursor',
    },
    {
        what: 'a content type of 129 bytes',
        ...post,
        path: kEvents,
        headers: { 'content-type': `text/${'x'.repeat(124)}` },
        status: 400,
        code: 'invalid_content_type',
    },
    {
        what: 'an event over 64 KiB',
        method: 'POST',
        path: kEvents,
        body: 'x'.repeat(65_537),
        status: 413,
        code: 'body_too_large',
    },
    {
        what: 'a body over 1 MiB',
        method: 'POST',
        path: kEvents,
        body: 'x'.repeat(1_048_577),
        status: 413,
        code: 'body_too_large',
    },
    {
        what: 'a target over 8 KiB',
        ...get,
        path: `/healthz?${'q'.repeat(8_193)}`,
        status: 414,
        code: 'target_too_long',
    },
    {
        what: 'a head over 16 KiB',
        ...get,
        path: '/healthz',
        headers: { 'x-long': 'x'.repeat(16_385) },
        status: 431,
        code: 'headers_too_large',
    },
    {
        what: 'a foreign Origin on a publish',
        ...post,
        path: kEvents,
        headers: { origin: 'http://evil.example' },
        status: 403,
        code: 'origin_refused',
    },
    {
        what: 'a foreign Origin on a deletion',
        method: 'DELETE',
        path: kEvents,
        headers: { origin: 'http://evil.example' },
        status: 403,
        code: 'origin_refused',
    },
    {
        what: 'a WebSocket path without an upgrade',
        ...get,
        path: '/api/topics/errors/ws',
        status: 426,
        code: 'upgrade_required',
    },
    {
        what: 'a target that cannot be decoded',
        ...post,
        path: '/api/topics/a%00/events',
        status: 400,
        code: 'bad_request',
    },
];

describe.concurrent('over HTTP', () => {
    for (const refusal of refusals) {
        test(`${refusal.what} is ${refusal.status} ${refusal.code}`, async () => {
            const { method, path, headers = {}, body } = refusal;
            const reply = await request(server, method, path, {
                headers,
                ...(body === undefined ? {} : { body }),
            });
            expectProblem(reply, refusal.status, refusal.code);
        });
    }
});

test('405 names the methods that are allowed', async () => {
    const { headers } = await request(server, 'PUT', kEvents, { body: 'x' });
    expect(String(headers['allow'])).toMatch(/GET/);
    expect(String(headers['allow'])).toMatch(/POST/);
    expect(String(headers['allow'])).toMatch(/DELETE/);
});

test('426 names the version of WebSocket', async () => {
    const { headers } = await request(server, 'GET', '/api/topics/errors/ws');
    expect(headers['sec-websocket-version']).toBe('13');
});

test('an event that is not UTF-8 is refused', async () => {
    const reply = await postEvent(server, 'errors', Buffer.from([0x61, 0xff, 0x62]));
    expectProblem(reply, 400, 'invalid_utf8');
});

test('an unknown Expect is 417', async () => {
    const connection = await RawConnection.open(server);
    connection.send(
        `POST ${kEvents} HTTP/1.1\r\nHost: localhost\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n`,
    );
    const reply = await connection.reply();
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([417, 'expectation_failed']);
    await connection.untilEnded();
});

test('Expect: 100-continue is answered before the body comes', async () => {
    const connection = await RawConnection.open(server);
    connection.send(
        `POST ${kEvents} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
    );
    await connection.untilReceived('HTTP/1.1 100 Continue\r\n\r\n');
    connection.send('hello');
    expect((await connection.reply()).status).toBe(201);
    connection.close();
});

test('a WebSocket handshake with a foreign Origin is 403', async () => {
    const refused = await wsConnect(server, '/api/topics/errors/ws', {
        origin: 'http://evil.example',
    }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HandshakeRefused);
    expect((refused as HandshakeRefused).status).toBe(403);
    expect(JSON.parse((refused as HandshakeRefused).body).code).toBe('origin_refused');
});

test('a WebSocket handshake for an invalid topic is 400', async () => {
    const refused = await wsConnect(server, '/api/topics/a%2Fb/ws').catch(
        (error: unknown) => error,
    );
    expect((refused as HandshakeRefused).status).toBe(400);
    expect(JSON.parse((refused as HandshakeRefused).body).code).toBe('invalid_topic');
});

test('each refusal is counted by its code', async () => {
    const before = await metric(server, 'howl_errors_total', { code: 'invalid_topic' });
    await request(server, 'POST', '/api/topics/a%2Fb/events', { body: 'x' });
    await request(server, 'POST', '/api/topics/a%2Fb/events', { body: 'x' });
    expect(await metric(server, 'howl_errors_total', { code: 'invalid_topic' })).toBe(before + 2);
});

test('more connections than allowed get 503 with Retry-After, and room is given back', async () => {
    await withServer({ config: smallServer }, async (small) => {
        const held = await Promise.all(Array.from({ length: 20 }, () => sse(small, 'held')));
        const connection = await RawConnection.open(small);
        connection.send('GET /api/stats HTTP/1.1\r\nHost: localhost\r\n\r\n');
        const reply = await connection.reply();
        expect([reply.status, JSON.parse(reply.body).code]).toEqual([503, 'too_many_connections']);
        expect(reply.head).toMatch(/^retry-after: *\d+\r$/im);
        await connection.untilEnded();
        for (const stream of held) {
            stream.close();
        }
        await sse(small, 'room').then((stream) => stream.close());
    });
});

test('the server that refused all this still serves', async () => {
    const stream = await sse(server, 'errors');
    expect((await postEvent(server, 'errors', 'fine')).status).toBe(201);
    expect((await stream.next()).data).toBe('fine');
    stream.close();
});
