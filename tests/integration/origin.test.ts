// SPDX-License-Identifier: Apache-2.0
// For what this server has: which pages may open a socket here and change state here.
import { describe, expect, test } from 'vitest';
import { useServer } from '../harness/server.ts';
import { trustedOrigin } from '../harness/settings.ts';
import {
    expectProblem,
    HandshakeRefused,
    publish,
    request,
    sse,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer({ config: trustedOrigin });

/** {port} is the server's own. */
const welcome = ['http://127.0.0.1:{port}', 'https://app.example.com'];

const unwelcome = [
    'null',
    'http://evil.example',
    'https://evil.example',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://127.0.0.1:{port}0',
    'http://127.0.0.1:{port}.evil.example',
    'http://127.0.0.1.evil.example:{port}',
    'http://evil127.0.0.1:{port}',
    'http://evil@127.0.0.1:{port}',
    'http://127.0.0.1:{port}@evil.example',
    'http://127.0.0.1:{port}/',
    'http://127.0.0.1:{port}/path',
    'http://127.0.0.1:{port}#',
    'http://localhost:{port}',
    'http://0x7f000001:{port}',
    'http://2130706433:{port}',
    '127.0.0.1:{port}',
    '//127.0.0.1:{port}',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com:443',
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'https://evil.app.example.com',
    'https://example.com',
    'https://app.example.com/',
    'https://app.example.com evil',
    'https://app.example.com, https://evil.example',
    'https://evil.example, https://app.example.com',
    'https://app.example.com,',
    'https://xn--pp-ejc.example.com',
    'https://app.example.co',
    'https://app_example.com',
    'file://',
    'data:',
    'chrome-extension://abcdefghijklmnop',
    'ws://127.0.0.1:{port}',
    '*',
    'undefined',
];

const filled = (origin: string) => origin.replaceAll('{port}', String(server.port));

describe('a WebSocket handshake', () => {
    test.each(welcome)('from %s is accepted', async (origin) => {
        const socket = await wsConnect(server, '/api/topics/origin/ws', { origin: filled(origin) });
        await publish(server, 'origin', 'x');
        expect((await socket.next()).data).toBe('x');
        socket.close();
    });

    test.each(unwelcome)('from %s is refused', async (origin) => {
        for (const path of ['/api/topics/origin/ws', '/wisdom/connect']) {
            const answer = await wsConnect(server, path, { origin: filled(origin) }).catch(
                (error) => error,
            );
            expect(answer, path).toBeInstanceOf(HandshakeRefused);
            expect(answer.status, path).toBe(403);
        }
    });

    test('without an Origin is accepted: it comes from no page', async () => {
        (await wsConnect(server, '/api/topics/origin/ws')).close();
    });
});

describe('a request that changes state', () => {
    const send = (method: string, origin: string) =>
        request(server, method, '/api/topics/changed/events', {
            headers: { origin: filled(origin), 'content-type': 'text/plain' },
            ...(method === 'POST' ? { body: 'x' } : {}),
        });

    test.each(welcome)('from %s is accepted, and the page may read the answer', async (origin) => {
        const reply = await send('POST', origin);
        expect(reply.status).toBe(201);
        expect(reply.headers['access-control-allow-origin']).toBe(filled(origin));
        expect(String(reply.headers['vary'])).toMatch(/origin/i);
        expect((await send('DELETE', origin)).status).toBe(204);
    });

    test.each(unwelcome)('from %s is refused and does nothing', async (origin) => {
        expectProblem(await send('POST', origin), 403, 'origin_refused');
        expectProblem(await send('DELETE', origin), 403, 'origin_refused');
        const { headers } = await send('POST', origin);
        expect(headers['access-control-allow-origin']).toBeUndefined();
    });

    test('two Origins are refused', async () => {
        const reply = await request(server, 'POST', '/api/topics/changed/events', {
            headers: { origin: [filled('http://127.0.0.1:{port}'), 'http://evil.example'] },
            body: 'x',
        });
        expect([400, 403]).toContain(reply.status);
    });
});

describe('reading', () => {
    test.each(['https://app.example.com', 'http://127.0.0.1:{port}'])(
        '%s may read a stream',
        async (origin) => {
            const stream = await sse(server, 'read', { headers: { origin: filled(origin) } });
            expect(stream.headers['access-control-allow-origin']).toBe(filled(origin));
            stream.close();
        },
    );

    test.each(['http://evil.example', 'null'])(
        '%s gets no stream, no history and none of the old doors, and enters no presence',
        async (origin) => {
            for (const path of [
                '/api/topics/read/events?as=Eve',
                '/api/topics/read/events?format=json',
                '/api/events?topic=read&as=Eve',
                '/api/cloud/events',
                '/api/chat/rooms/lobby/messages',
                '/v1/sse?username=x',
                '/v2/sse?username=x',
                '/v4/reports?user_id=aaaaaaaa-0000-4000-8000-000000000001',
                '/compat/cloud-commands/sse',
                '/compat/cloud-toggle/',
            ]) {
                const reply = await request(server, 'GET', path, { headers: { origin } });
                expect(reply.status, path).toBe(403);
                expect(reply.headers['access-control-allow-origin'], path).toBeUndefined();
                expect(reply.headers['access-control-allow-credentials'], path).toBeUndefined();
            }
            for (const path of [
                '/v2/message?username=x',
                '/v3/message?username=x',
                '/v4/new/report?user_id=aaaaaaaa-0000-4000-8000-000000000001',
            ]) {
                const reply = await request(server, 'POST', path, { headers: { origin }, body: 'x' });
                expect(reply.status, path).toBe(403);
            }
            const { json } = await request(server, 'GET', '/api/topics/read/presence');
            expect(json.count).toBe(0);
        },
    );

    /** What every one of them would hold, or do. */
    const held = [
        '/api/topics/read/events',
        '/api/topics/read/events?as=Eve',
        '/api/topics/read/ws?as=Eve',
        '/api/events?topic=read&as=Eve',
        '/api/chat/rooms/lobby/ws',
        '/api/cloud/events',
        '/api/reports/events?user=eve',
        '/v1/sse?username=x',
        '/v2/sse?username=x',
        '/v3/sse?username=x',
        '/v4/sse?user_id=aaaaaaaa-0000-4000-8000-000000000001',
        '/wisdom/connect',
        '/compat/cloud-commands/sse',
        '/compat/cloud-toggle/sse',
    ];
    const documents = [
        '/api/topics/read/events?format=json',
        '/api/topics/read/presence',
        '/api/stats',
        '/api/cloud/instances',
        '/api/chat/rooms/lobby/messages',
        '/compat/cloud-toggle/',
    ];
    const loaded = (site: string, mode: string, dest: string) => ({
        headers: { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
    });

    test.each([
        ['cross-site', 'navigate', 'iframe'],
        ['same-site', 'navigate', 'iframe'],
        ['cross-site', 'navigate', 'object'],
        ['cross-site', 'no-cors', 'image'],
        ['cross-site', 'no-cors', 'script'],
    ])('what a %s page loads (%s, %s) opens and gets nothing', async (...how) => {
        for (const path of [...held, ...documents]) {
            expect((await request(server, 'GET', path, loaded(...how))).status, path).toBe(403);
        }
        const { json } = await request(server, 'GET', '/api/topics/read/presence');
        expect(json.count).toBe(0);
    });

    test.each(['cross-site', 'same-site'])(
        'a link of a %s page leads to a document and opens no stream',
        async (site) => {
            const link = loaded(site, 'navigate', 'document');
            for (const path of documents) {
                expect((await request(server, 'GET', path, link)).status, path).toBe(200);
            }
            for (const path of held) {
                expect((await request(server, 'GET', path, link)).status, path).toBe(403);
            }
        },
    );

    test('a stream in the address bar is the user\'s own', async () => {
        const typed = loaded('none', 'navigate', 'document');
        (await sse(server, 'read', typed)).close();
    });

    test('files and probes are for every page, which may not look inside', async () => {
        for (const path of ['/', '/healthz', '/metrics']) {
            const { status, headers } = await request(server, 'GET', path, {
                headers: { origin: 'http://evil.example' },
            });
            expect(status, path).toBe(200);
            expect(headers['access-control-allow-origin'], path).toBeUndefined();
        }
    });

    test('a preflight tells a welcome page what it may send', async () => {
        const reply = await preflight('https://app.example.com');
        expect([200, 204]).toContain(reply.status);
        expect(reply.headers['access-control-allow-origin']).toBe('https://app.example.com');
        expect(String(reply.headers['access-control-allow-methods'])).toMatch(/POST/);
        expect(String(reply.headers['access-control-allow-headers'])).toMatch(
            /idempotency-key|\*/i,
        );
    });

    test('a preflight tells another page nothing', async () => {
        const reply = await preflight('http://evil.example');
        expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    });
});

function preflight(origin: string) {
    return request(server, 'OPTIONS', '/api/topics/read/events', {
        headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type, idempotency-key, last-event-id',
        },
    });
}
