// SPDX-License-Identifier: Apache-2.0
// The curl lines of the "Server Sent Events" demo, as its README has them, and the bytes its README shows.
import { afterEach, describe, expect, test } from 'vitest';
import { Curl } from '../harness/curl.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { request, sseAt } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

/** As the original let everyone in. */
const server = useServer({ config: '[inbox]\nallowed_origins = ["*"]\n' });

const running: Curl[] = [];
afterEach(async () => {
    for (const curl of running.splice(0)) {
        curl.process.kill();
        await curl.exited;
    }
    await eventually('all have left', async () => (await openStreams()) === 0);
});

/** curl with these words, which is gone after the test. */
function curlOf(words: string[]): Curl {
    const curl = new Curl(words);
    running.push(curl);
    return curl;
}

/** http://localhost:3000 of the README is this server. */
const here = (path: string) => `${server.url}${path}`;

/** curl "http://localhost:3000/v2/sse?username=demo", and the server has seen it. */
async function listen(path: string): Promise<Curl> {
    const curl = curlOf([here(path)]);
    await eventually('the stream is open', async () => (await openStreams()) === 1);
    return curl;
}

async function openStreams(): Promise<number> {
    const { text } = await request(server, 'GET', '/metrics');
    return Number(/^howl_sse_sessions (\d+)$/m.exec(text)?.[1] ?? NaN);
}

/** curl -X POST "http://localhost:3000/v2/message?username=demo" -d "..." */
async function post(path: string, data: string): Promise<string> {
    const curl = curlOf(['-w', '%{http_code}', '-X', 'POST', here(path), '-d', data]);
    expect(await curl.exited).toBe(0);
    return curl.text;
}

describe('v1', () => {
    test('says hi!, four keep-alives, and hi! again, as the README shows', async () => {
        const curl = curlOf([here('/v1/sse?username=demo')]);
        await eventually('the second hi!', () => curl.text.split('hi!').length > 2, 25_000);
        expect(curl.text).toBe(
            'data: hi!\n\n' +
                ': keep-alive-text\n\n: keep-alive-text\n\n: keep-alive-text\n\n: keep-alive-text\n\n' +
                'data: hi!\n\n',
        );
    }, 40_000);
});

describe.each(['v2', 'v3'])('%s', (version) => {
    const digit = version.slice(1);
    const howdy = `Howdy 🤠 from version ${digit}️⃣`;

    test('sends the message of the README to the user of the README, byte for byte', async () => {
        const curl = await listen(`/${version}/sse?username=demo`);
        expect(await post(`/${version}/message?username=demo`, howdy)).toBe('204');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(Buffer.from(curl.seen)).toEqual(Buffer.from(`data: ${howdy}\n\n`));
    });

    test('sends emoji as the four bytes they are', async () => {
        const curl = await listen(`/${version}/sse?username=emoji`);
        await post(`/${version}/message?username=emoji`, '🐺');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(Buffer.from(curl.seen).toString('hex')).toBe('646174613a20' + 'f09f90ba' + '0a0a');
    });

    test('sends a message of several lines as several data lines', async () => {
        const curl = await listen(`/${version}/sse?username=lines`);
        await post(`/${version}/message?username=lines`, 'one\ntwo\n\nfour');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(curl.seen).toBe('data: one\ndata: two\ndata: \ndata: four\n\n');
    });

    test('sends nothing at connect', async () => {
        const curl = await listen(`/${version}/sse?username=silent`);
        await post(`/${version}/message?username=silent`, 'fence');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(curl.seen).toBe('data: fence\n\n');
    });

    test('serves every tab of a user', async () => {
        const tabs = await Promise.all(
            [1, 2, 3].map(async () => {
                const tab = await RawConnection.open(server);
                tab.send(`GET /${version}/sse?username=tabs HTTP/1.1\r\nHost: localhost\r\n\r\n`);
                return tab.untilReceived('\r\n\r\n');
            }),
        );
        await post(`/${version}/message?username=tabs`, 'all three');
        await Promise.all(tabs.map((tab) => tab.untilReceived('data: all three\n\n')));
        tabs[0]?.close();
        await post(`/${version}/message?username=tabs`, 'both others');
        await Promise.all(tabs.slice(1).map((tab) => tab.untilReceived('data: both others\n\n')));
        tabs.forEach((tab) => tab.close());
    });

    test('keeps messages for a user who is away and comes back', async () => {
        const first = await sseAt(server, `/${version}/sse?username=away`);
        await post(`/${version}/message?username=away`, 'while here');
        const { lastEventId } = await first.next();
        first.close();
        await post(`/${version}/message?username=away`, 'while away 1');
        await server.restart();
        await post(`/${version}/message?username=away`, 'while away 2');
        const again = await sseAt(server, `/${version}/sse?username=away`, { lastEventId });
        expect((await again.take(2)).map((event) => event.data)).toEqual([
            'while away 1',
            'while away 2',
        ]);
        again.close();
    });

    test("does not refuse a client that comes with another server's id", async () => {
        const stream = await sseAt(server, `/${version}/sse?username=other`, {
            lastEventId: 'foreign',
        });
        await post(`/${version}/message?username=other`, 'hello');
        expect((await stream.next()).data).toBe('hello');
        stream.close();
    });

    test("sends nobody else's messages", async () => {
        const curl = await listen(`/${version}/sse?username=alice`);
        await post(`/${version}/message?username=bob`, 'for bob');
        await post(`/${version}/message?username=alice`, 'for alice');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(curl.seen).toBe('data: for alice\n\n');
    });

    test('keeps the versions apart', async () => {
        const curl = await listen(`/${version}/sse?username=apart`);
        const other = version === 'v2' ? 'v3' : 'v2';
        await post(`/${other}/message?username=apart`, 'other version');
        await post(`/${version}/message?username=apart`, 'this version');
        await eventually('the message', () => curl.seen.endsWith('\n\n'));
        expect(curl.seen).toBe('data: this version\n\n');
    });

    test('answers 204 with nothing in it, also when the user is not there', async () => {
        const reply = await request(server, 'POST', `/${version}/message?username=nobody`, {
            body: 'x',
        });
        expect([reply.status, reply.text]).toEqual([204, '']);
        expect(reply.headers['content-length'] ?? '0').toBe('0');
    });

    test('takes a body of any content type', async () => {
        const curl = await listen(`/${version}/sse?username=types`);
        for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'x/y']) {
            const body = `as ${type}`;
            const headers = { 'content-type': type };
            await request(server, 'POST', `/${version}/message?username=types`, { body, headers });
        }
        await eventually('the messages', () => curl.seen.endsWith('x/y\n\n'));
        expect(curl.seen).toBe(
            'data: as application/json\n\ndata: as text/plain\n\ndata: as application/octet-stream\n\ndata: as x/y\n\n',
        );
    });

    test('refuses a body that is not UTF-8', async () => {
        const body = Buffer.from([0x61, 0xff]);
        expect(
            (await request(server, 'POST', `/${version}/message?username=x`, { body })).status,
        ).toBe(400);
    });

    test.each(['sse', 'message'])(
        'says which query parameter of /%s is missing, as the original does',
        async (verb) => {
            const method = verb === 'sse' ? 'GET' : 'POST';
            const reply = await request(
                server,
                method,
                `/${version}/${verb}`,
                method === 'POST' ? { body: 'x' } : {},
            );
            expect(reply.status).toBe(400);
            expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
            expect(reply.text).toBe('Failed to deserialize query string: missing field `username`');
        },
    );
});

describe('every reply', () => {
    test.each([
        ['GET', '/v2/nothing', 404],
        ['POST', '/v2/sse?username=x', 405],
        ['GET', '/v2/message?username=x', 405],
        ['POST', '/v2/message?username=x', 204],
        ['POST', '/v2/message', 400],
    ])('%s %s is %d, with the headers any page needs', async (method, path, status) => {
        const reply = await request(server, method, path, {
            headers: { origin: 'http://any.example' },
            ...(method === 'POST' ? { body: 'x' } : {}),
        });
        expect(reply.status).toBe(status);
        expect(reply.headers['access-control-allow-origin']).toBe('*');
        expect(reply.headers['access-control-expose-headers']).toBe('*');
        const vary = String(reply.headers['vary']).split(/, */).sort();
        expect(vary).toEqual([
            'access-control-request-headers',
            'access-control-request-method',
            'origin',
        ]);
    });

    test('to OPTIONS on any path is 200 with nothing in it', async () => {
        for (const path of ['/v1/sse', '/v2/message', '/v3/sse', '/v2/anything']) {
            const reply = await request(server, 'OPTIONS', path, {
                headers: { origin: 'http://any.example' },
            });
            expect([reply.status, reply.text], path).toEqual([200, '']);
            expect(reply.headers['access-control-allow-methods']).toBe('*');
            expect(reply.headers['access-control-allow-headers']).toBe('*');
        }
    });

    test('404 is empty, 405 names what is allowed', async () => {
        expect((await request(server, 'GET', '/v2/nothing')).text).toBe('');
        expect(
            (await request(server, 'POST', '/v2/sse?username=x', { body: '' })).headers['allow'],
        ).toMatch(/GET/);
        expect((await request(server, 'GET', '/v2/message?username=x')).headers['allow']).toMatch(
            /POST/,
        );
    });

    test('that streams is event-stream and is not cached', async () => {
        const connection = await RawConnection.open(server);
        connection.send('GET /v2/sse?username=x HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await connection.untilReceived('\r\n\r\n', 1_000);
        expect(connection.received).toMatch(/^content-type: *text\/event-stream\r$/im);
        expect(connection.received).toMatch(/^cache-control: *no-cache\r$/im);
        connection.close();
    });
});
