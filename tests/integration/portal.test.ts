// SPDX-License-Identifier: Apache-2.0
// The portal's files and routes, and the names under which the server may be reached.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer, withServer } from '../harness/server.ts';
import { expectProblem, request, wsConnect } from '../harness/verbs.ts';

const kScript = 'document.documentElement.lang = "en";';
const kIndex = `<!doctype html><script>${kScript}</script><div id="root"></div>`;
const folder = mkdtempSync(join(tmpdir(), 'howl-portal-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), kIndex);
writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(kIndex));
writeFileSync(join(folder, 'assets/app-1a2b.js'), '1;');
writeFileSync(join(folder, 'pages.txt'), '/\n/chat\n/cloud\n/reports\n/wisdom\n/messages\n/of-tomorrow\n');
afterAll(() => rmSync(folder, { recursive: true }));

const config = `[portal]\nfolder = "${folder}"\n`;
const server = useServer({ config });

/** As a browser asks for a page. */
const open = (path: string) =>
    request(server, 'GET', path, {
        headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
    });

describe('the portal', () => {
    test.each([
        '/',
        '/chat',
        '/chat/lobby',
        '/cloud',
        '/cloud/6f2d3a44-0001-4000-8000-000000000001',
        '/reports',
        '/reports/6f2d3a44-0001-4000-8000-000000000001?tab=history',
        '/wisdom',
        '/messages',
        '/messages/anna/',
        '/of-tomorrow/1',
    ])('is at %s', async (path) => {
        const page = await open(path);
        expect(page.status).toBe(200);
        expect(page.text).toBe(kIndex);
        expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(page.headers['cache-control']).toBe('no-cache');
    });

    test.each([
        '/api/nothing',
        '/api/inbox/anna',
        '/api/report',
        '/v1/nothing',
        '/v4/nothing',
        '/compat/chat-relay/nothing',
        '/assets/gone.js',
        '/chat/gone.js',
    ])('is not at %s', async (path) => {
        const reply = await open(path);
        expect(reply.status).toBe(404);
        expect(reply.text).not.toContain('<div');
    });

    test.each(['/chats', '/nothing', '/nothing/at/all?x=1'])(
        'tells a browser itself that there is no page at %s, and a program gets the error',
        async (path) => {
            const page = await open(path);
            expect(page.status).toBe(404);
            expect(page.text).toBe(kIndex);
            expect(page.headers).toMatchObject({
                'content-type': 'text/html; charset=utf-8',
                'cache-control': 'no-store',
                'referrer-policy': 'no-referrer',
            });
            for (const accept of ['*/*', 'application/json']) {
                const reply = await request(server, 'GET', path, { headers: { accept } });
                expectProblem(reply, 404, 'not_found');
            }
            expectProblem(await request(server, 'POST', path, { body: 'x' }), 404, 'not_found');
        },
    );

    test('leaves the way of the wolves to them', async () => {
        const wolves = await wsConnect(server, '/wisdom/connect');
        expect((await wolves.next()).type).toBe('initial');
        wolves.close();
        expect((await open('/wisdom/connect')).status).toBe(426);
    });

    test('is not for programs, which asked for something else', async () => {
        const headers = { accept: 'application/json' };
        expectProblem(await request(server, 'GET', '/chat/nothing', { headers }), 404, 'not_found');
        expect((await request(server, 'POST', '/chat', { body: 'x' })).status).toBe(405);
    });

    test('is sent compressed to who takes it, by every name', async () => {
        const headers = { accept: 'text/html', 'accept-encoding': 'br' };
        for (const path of ['/', '/chat']) {
            const { headers: head } = await request(server, 'GET', path, { headers });
            expect(head['content-encoding']).toBe('br');
            expect(head['vary']).toContain('Accept-Encoding');
        }
    });

    test('allows its own scripts alone, those in the page by their hash', async () => {
        const hash = createHash('sha256').update(kScript).digest('base64');
        const { headers } = await open('/cloud');
        const policy = String(headers['content-security-policy']).split('; ');
        expect(policy).toContain(`script-src 'self' 'sha256-${hash}'`);
        expect(policy).toContain("style-src 'self'");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy.join()).not.toContain('unsafe');
        expect(headers).toMatchObject({
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer',
            'cross-origin-opener-policy': 'same-origin',
            'permissions-policy': 'camera=(), microphone=(), geolocation=()',
        });
    });
});

describe('a name under which the server is reached', () => {
    /** The status of a request to `host`, with nothing in it that a browser would add. */
    async function statusFor(host: string, to: { port: number } = server): Promise<number> {
        const connection = await RawConnection.open(to);
        connection.send(`GET /api/stats HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        const { status } = await connection.reply();
        connection.close();
        return status;
    }

    test.each(['localhost', 'localhost:{port}', '127.0.0.1:{port}', '10.0.0.1', '[::1]:{port}'])(
        'may be %s',
        async (host) => {
            expect(await statusFor(host.replace('{port}', String(server.port)))).toBe(200);
        },
    );

    test.each([
        'evil.example',
        'evil.example:{port}',
        '127.0.0.1.evil.example',
        'localhost.evil.example',
    ])('may not be %s, which could be a page that points its name here', async (host) => {
        expect(await statusFor(host.replace('{port}', String(server.port)))).toBe(421);
    });

    test('may be one that the operator has listed', async () => {
        await withServer({ config: '[server]\nhosts = ["howl.example.com"]\n' }, async (other) => {
            expect(await statusFor('howl.example.com', other)).toBe(200);
            expect(await statusFor('Howl.Example.com:443', other)).toBe(200);
            expect(await statusFor('evil.example', other)).toBe(421);
        });
    });

    test('and then its pages may act, whatever a proxy makes of Host', async () => {
        await withServer({ config: '[server]\nhosts = ["howl.example.com"]\n' }, async (other) => {
            const act = (origin: string, host: string) =>
                request(other, 'POST', '/api/topics/own/events', {
                    headers: { origin, host },
                    body: 'x',
                });
            for (const scheme of ['https', 'http']) {
                const origin = `${scheme}://howl.example.com`;
                for (const host of ['howl.example.com', `127.0.0.1:${other.port}`]) {
                    expect((await act(origin, host)).status).toBe(201);
                }
                const socket = await wsConnect(other, '/api/topics/own/ws', { origin });
                socket.close();
                const relay = await wsConnect(other, '/compat/chat-relay/ws', { origin });
                relay.close();
            }
            const refused = await act('https://evil.example', 'howl.example.com');
            expectProblem(refused, 403, 'origin_refused');
        });
    });

    test('is none of ours where any name may be tried', async () => {
        await withServer({ config: '[server]\nhosts = ["*"]\n' }, async (other) => {
            const host = 'howl.example.com';
            expect(await statusFor(host, other)).toBe(200);
            const reply = await request(other, 'POST', '/api/topics/own/events', {
                headers: { origin: `https://${host}`, host },
                body: 'x',
            });
            expectProblem(reply, 403, 'origin_refused');
        });
    });
});
