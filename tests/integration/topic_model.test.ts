// SPDX-License-Identifier: Apache-2.0
// Patterns, one event in several topics, binary data; read by the stock clients.
import { describe, expect, test } from 'vitest';
import { useServer, withServer } from '../harness/server.ts';
import { volatileMetrics } from '../harness/settings.ts';
import {
    eventSource,
    expectProblem,
    history,
    request,
    sseAt,
    wsConnect,
    type Reply,
} from '../harness/verbs.ts';

const server = useServer({ config: volatileMetrics });

const query = (name: string, values: string[]) =>
    values.map((value) => `${name}=${encodeURIComponent(value)}`).join('&');

const post = (path: string, body: string | Buffer, contentType = 'text/plain'): Promise<Reply> =>
    request(server, 'POST', path, { body, headers: { 'content-type': contentType } });

async function postTo(topics: string[], data: string): Promise<Reply> {
    const [first, ...rest] = topics;
    const reply = await post(`/api/topics/${first}/events?${query('topic', rest)}`, data);
    expect(reply.status, reply.text).toBe(201);
    return reply;
}

describe('a pattern', () => {
    test('is read beside topics, and an event comes once', async () => {
        await postTo(['pat/old'], 'before');
        const reader = await eventSource(
            server,
            `/api/events?envelope=json&${query('pattern', ['pat/*', 'pat/o*'])}&topic=pat/old&topic=alone`,
        );
        for (const topic of ['pat/old', 'pat/new', 'elsewhere', 'alone']) {
            await postTo([topic], topic);
        }
        const heard = (await reader.take(3)).map((event) => JSON.parse(event.data).topic);
        expect(heard).toEqual(['pat/old', 'pat/new', 'alone']);
        reader.close();
    });

    test('resumes by the same cursor, with topics that came into being meanwhile', async () => {
        const path = `/api/events?${query('pattern', ['gap/*'])}`;
        const first = await sseAt(server, path);
        await postTo(['gap/a'], '1');
        const seen = await first.next();
        first.close();
        await postTo(['gap/a'], '2');
        await postTo(['gap/b'], '3');
        await postTo(['metrics/cpu'], 'not this');
        const again = await sseAt(server, path, { lastEventId: seen.lastEventId });
        const rest = await again.take(2);
        expect(rest.map((event) => event.data)).toEqual(['2', '3']);
        again.close();
    });

    test('is read over WebSocket too, whose messages have the cursor', async () => {
        const path = `/api/events/ws?${query('pattern', ['sock/*', 'metrics/sock*'])}`;
        const socket = await wsConnect(server, path);
        expect(await socket.next()).toEqual({ type: 'joined', cursor: expect.any(String) });
        await postTo(['sock/a'], '1');
        await postTo(['metrics/sock'], 'volatile');
        const [one, other] = await socket.take(2);
        expect([one.data, other.data]).toEqual(['1', 'volatile']);
        socket.close();
        const back = await wsConnect(server, `${path}&lastEventId=${one.cursor}`);
        expect(await back.next()).toMatchObject({ topic: 'metrics/sock', data: 'volatile' });
        expect(await back.next()).toMatchObject({ type: 'joined' });
        back.close();
    });

    test.each([
        ['pattern=news', 400, 'invalid_pattern'],
        ['pattern=*/*', 400, 'invalid_pattern'],
        ['pattern=howl:*', 403, 'topic_reserved'],
        [query('pattern', Array.from({ length: 17 }, (_, n) => `${n}/*`)), 400, 'too_many_patterns'],
        ['envelope=json', 400, 'invalid_query'],
    ])('%s is %i %s', async (parameters, status, code) => {
        expectProblem(await request(server, 'GET', `/api/events?${parameters}`), status, code);
    });

    test('that matches too many topics is refused where there is something to catch up with', async () => {
        const before = await sseAt(server, '/api/events?topic=wide');
        const { lastEventId } = await postTo(['wide'], 'x').then(() => before.next());
        before.close();
        for (let from = 0; from < 1_025; from += 41) {
            await Promise.all(Array.from({ length: 41 }, (_, n) => postTo([`wide/${from + n}`], 'x')));
        }
        const path = `/api/events?${query('pattern', ['wide/*'])}`;
        expectProblem(
            await request(server, 'GET', `${path}&lastEventId=${lastEventId}`),
            400,
            'pattern_too_wide',
        );
        const now = await sseAt(server, path);
        await postTo(['wide/7'], 'live');
        expect((await now.next()).data).toBe('live');
        now.close();
    });

    test('is not read where topics are not listed', async () => {
        await withServer({ config: '[server]\nlist_topics = false\n' }, async (silent) => {
            const reply = await request(silent, 'GET', '/api/events?pattern=*');
            expectProblem(reply, 403, 'topics_not_listed');
        });
    });
});

describe('one event in several topics', () => {
    test('has an offset in each, and comes once to who reads several', async () => {
        await postTo(['multi/b'], 'first');
        const several = await eventSource(server, '/api/events?topic=multi/a&topic=multi/b&topic=multi/c');
        const one = await eventSource(server, '/api/topics/multi/b/events');
        const reply = await postTo(['multi/a', 'multi/b', 'multi/c'], 'all');
        expect(reply.json).toMatchObject({ topic: 'multi/a', offset: 1 });
        expect(reply.json.copies.map((copy: any) => [copy.topic, copy.offset])).toEqual([
            ['multi/a', 1],
            ['multi/b', 2],
            ['multi/c', 1],
        ]);
        await postTo(['multi/c'], 'last');
        await postTo(['multi/b'], 'last');
        expect((await several.take(3)).map((event) => event.data)).toEqual(['all', 'last', 'last']);
        expect((await one.take(2)).map((event) => event.data)).toEqual(['all', 'last']);
        several.close();
        one.close();
    });

    test('comes once wherever a reader resumes', async () => {
        const path = '/api/events?topic=again/a&topic=again/b';
        const live = await sseAt(server, path);
        const sent: string[] = [];
        for (let n = 0; n < 20; ++n) {
            const topics = [['again/a', 'again/b'], ['again/b'], ['again/a', 'again/x', 'again/b']][n % 3]!;
            await postTo(topics, `${n}`);
            sent.push(`${n}`);
        }
        const heard = await live.take(20);
        expect(heard.map((event) => event.data)).toEqual(sent);
        for (const [at, event] of heard.entries()) {
            const back = await sseAt(server, path, { lastEventId: event.lastEventId });
            await postTo(['again/b'], 'end');
            const rest = sent.slice(at + 1);
            const ends = Array.from({ length: at + 1 }, () => 'end');
            const got = await back.take(rest.length + ends.length);
            expect(got.map((one) => one.data)).toEqual([...rest, ...ends]);
            back.close();
        }
        live.close();
    });

    test('is stored once for a key, and in other topics it is another event', async () => {
        const send = (also: string[]) =>
            request(server, 'POST', `/api/topics/keyed/a/events?${query('topic', also)}`, {
                body: 'x',
                headers: { 'idempotency-key': 'k' },
            });
        const first = await send(['keyed/b']);
        const again = await send(['keyed/b']);
        expect([first.status, again.status]).toEqual([201, 200]);
        expect(again.json).toEqual(first.json);
        expectProblem(await send(['keyed/c']), 409, 'idempotency_conflict');
        expect((await history(server, 'keyed/b')).events).toHaveLength(1);
    });

    test('is refused in topics of both lanes, in too many, and in those of Howl itself', async () => {
        const refused = (also: string[]) => post(`/api/topics/lane/events?${query('topic', also)}`, 'x');
        expectProblem(await refused(['metrics/x']), 400, 'bad_request');
        expectProblem(await refused(Array.from({ length: 16 }, (_, n) => `l${n}`)), 400, 'bad_request');
        expectProblem(await refused(['howl:cloud']), 403, 'topic_reserved');
        expect((await history(server, 'lane')).events).toEqual([]);
    });
});

describe('binary data', () => {
    const bytes = Buffer.from([0, 255, 10, 13, 10, 128]);
    const base64 = bytes.toString('base64');

    test('is base64 in history, envelopes and plain streams', async () => {
        const plain = await eventSource(server, '/api/topics/bin/events');
        const page = await eventSource(server, '/api/events?topic=bin&envelope=json');
        expect((await post('/api/topics/bin/events', bytes, 'application/octet-stream')).status).toBe(201);
        expect((await plain.next()).data).toBe(base64);
        expect(JSON.parse((await page.next()).data)).toMatchObject({ data: base64, encoding: 'base64' });
        expect((await history(server, 'bin')).events[0]).toMatchObject({
            data: base64,
            encoding: 'base64',
            contentType: 'application/octet-stream',
        });
        plain.close();
        page.close();
    });

    test('is one binary message of a WebSocket', async () => {
        const client = await wsConnect(server, '/api/topics/bin/ws');
        const message = new Promise<[Buffer, boolean]>((resolve) =>
            client.socket.once('message', (data, isBinary) => resolve([data as Buffer, isBinary])),
        );
        await post('/api/topics/bin/events?type=shot', bytes, 'image/png');
        const [data, isBinary] = await message;
        expect(isBinary).toBe(true);
        const end = data.indexOf(10);
        expect(JSON.parse(data.subarray(0, end).toString())).toMatchObject({
            topic: 'bin',
            type: 'shot',
            encoding: 'binary',
        });
        expect(data.subarray(end + 1)).toEqual(bytes);
        client.close();
    });

    test('is what its media type says: text that is no UTF-8 is refused', async () => {
        expectProblem(await post('/api/topics/bin/events', bytes, 'text/plain'), 400, 'invalid_utf8');
        expectProblem(await post('/api/topics/bin/events', bytes, 'image/svg+xml'), 400, 'invalid_utf8');
    });
});
