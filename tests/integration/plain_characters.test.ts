// SPDX-License-Identifier: Apache-2.0
// What browsers leave plain in a URL (WHATWG URL, the percent-encode sets of path and query) means
// the same as encoded; and a topic in a path has one spelling only.
import { expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { expectProblem, publish, request } from '../harness/verbs.ts';

const server = useServer();

/** As a browser writes it on the request line. */
const asSent = (target: string) => {
    const { pathname, search } = new URL(target, server.url);
    return pathname + search;
};

test.each(['[team]', 'a|b', '{x}', '^_^', '`', '100%', '%zz', '\\\\', "it's", '~!*()', 'Жук [2]'])(
    'a stream for the user %s begins, and hears what is sent to the encoded name',
    async (name) => {
        const reader = await RawConnection.open(server);
        const target = asSent(`/v2/sse?username=${name}`);
        reader.send(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
        await reader.untilReceived('\r\n\r\n');
        expect(reader.received).toMatch(/^HTTP\/1\.1 200 /);
        const path = `/v2/message?username=${encodeURIComponent(name)}`;
        expect((await request(server, 'POST', path, { body: 'hello' })).status).toBe(204);
        await reader.untilReceived('data: hello');
        reader.close();
    },
);

test('plain characters are taken on every route', async () => {
    for (const path of [
        '/healthz?x=[a]|{b}^`\\\\100%',
        '/api/events/../stats?x[]=1',
        '/v4/reports?user_id=aaaaaaaa-0000-4000-8000-000000000001&x=^_^',
        '/api/cloud/instances?filter[state]=running',
    ]) {
        const connection = await RawConnection.open(server);
        connection.send(`GET ${asSent(path)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
        expect((await connection.reply()).status, path).toBe(200);
        connection.close();
    }
    const inPath = await RawConnection.open(server);
    inPath.send(
        'POST /api/inbox/[a]|b^/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx',
    );
    const plain = await inPath.reply();
    inPath.close();
    const encoded = await request(server, 'POST', '/api/inbox/%5Ba%5D%7Cb%5E/messages', { body: 'x' });
    expect(plain.status).toBe(201);
    expect(JSON.parse(plain.body).topic).toBe(encoded.json.topic);
});

test('a topic in a path has one spelling', async () => {
    await publish(server, 'spelled/howl:one', 'x');
    for (const spelling of ['spelled%2Fhowl:one', 'spelled%2fhowl:one', 'spelled/howl%3Aone']) {
        for (const [method, verb] of [
            ['GET', 'events?format=json'],
            ['POST', 'events'],
            ['DELETE', 'events'],
            ['GET', 'ws'],
            ['GET', 'presence'],
        ] as const) {
            const path = `/api/topics/${spelling}/${verb}`;
            expectProblem(await request(server, method, path), 400, 'invalid_topic');
        }
    }
    for (const spelling of ['s%70elled/howl:one', '%73pelled/howl:one', 'spelled/howl:o%6Ee']) {
        const path = `/api/topics/${spelling}/events?format=json`;
        expectProblem(await request(server, 'GET', path), 404, 'not_found');
    }
    expectProblem(await request(server, 'GET', '/api/chat/rooms/l%6Fbby/members'), 404, 'not_found');
});
