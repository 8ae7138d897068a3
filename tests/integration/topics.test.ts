// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { expectToldSince } from '../harness/clock.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer, withServer } from '../harness/server.ts';
import { volatileMetrics } from '../harness/settings.ts';
import {
    eventSource,
    history,
    postEvent,
    publish,
    request,
    sse,
    streamPath,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer({ config: volatileMetrics });

describe('publishing', () => {
    test('answers with topic, epoch and offset, and offsets grow by one', async () => {
        const first = await publish(server, 'orders/new', 'one');
        const second = await publish(server, 'orders/new', 'two');
        expect(first).toEqual({ topic: 'orders/new', epoch: expect.any(String), offset: 1 });
        expect(second).toEqual({ ...first, offset: 2 });
    });

    test('is 201 with JSON', async () => {
        const reply = await postEvent(server, 'orders/status', 'x');
        expect(reply.status).toBe(201);
        expect(reply.headers['content-type']).toMatch(/^application\/json/);
    });

    test('takes an empty body as an event with empty data', async () => {
        const socket = await wsConnect(server, '/api/topics/empty/ws');
        await publish(server, 'empty', '');
        expect(await socket.next()).toMatchObject({ topic: 'empty', offset: 1, data: '' });
        socket.close();
    });

    test('takes a body of 64 KiB', async () => {
        const data = 'x'.repeat(65_536);
        await publish(server, 'large', data);
        expect((await history(server, 'large')).events[0]?.data).toBe(data);
    });

    test('takes every character a topic name may have', async () => {
        const topic = 'AZaz09._~:-/second/third';
        expect(await publish(server, topic, 'x')).toMatchObject({ topic, offset: 1 });
        expect((await history(server, topic)).events).toHaveLength(1);
    });

    test('takes topic names of 1 and of 255 bytes', async () => {
        for (const topic of ['t', 'n'.repeat(255)]) {
            expect(await publish(server, topic, 'x')).toMatchObject({ topic });
        }
    });

    test('takes a topic that ends like a verb, since the last segment is the verb', async () => {
        for (const topic of ['a/events', 'a/ws', 'events', 'events/events']) {
            expect(await publish(server, topic, 'x')).toMatchObject({ topic, offset: 1 });
        }
    });
});

describe('one SSE stream', () => {
    test('has the headers that keep proxies from holding it back', async () => {
        const stream = await sse(server, 'headers');
        expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
        expect(stream.headers['cache-control']).toMatch(/no-store|no-cache/);
        expect(stream.headers['x-accel-buffering']).toBe('no');
        stream.close();
    });

    test('sends its head at once, before any event', async () => {
        const connection = await RawConnection.open(server);
        connection.send('GET /api/topics/silent/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await connection.untilReceived('\r\n\r\n', 1_000);
        expect(connection.received).toMatch(/^HTTP\/1\.1 200 /);
        connection.close();
    });

    test('carries events in order, each with an id of at most 100 safe bytes', async () => {
        const stream = await sse(server, 'ordered');
        for (let n = 1; n <= 50; n += 1) {
            await publish(server, 'ordered', `event ${n}`);
        }
        const heard = await stream.take(50);
        expect(heard.map((event) => event.data)).toEqual(heard.map((_, at) => `event ${at + 1}`));
        for (const { lastEventId } of heard) {
            expect(lastEventId).toMatch(/^[A-Za-z0-9._:-]{1,100}$/);
        }
        expect(new Set(heard.map((event) => event.lastEventId)).size).toBe(50);
        stream.close();
    });

    test('names the event type if one was given, and none otherwise', async () => {
        const stream = await sse(server, 'typed');
        await publish(server, 'typed', 'a', { type: 'created' });
        await publish(server, 'typed', 'b');
        expect(await stream.take(2)).toMatchObject([{ type: 'created' }, { type: '' }]);
        stream.close();
    });

    test('does not carry what was published before it opened', async () => {
        await publish(server, 'late', 'too early');
        const stream = await sse(server, 'late');
        await publish(server, 'late', 'in time');
        expect((await stream.next()).data).toBe('in time');
        stream.close();
    });

    test('does not carry other topics', async () => {
        const stream = await sse(server, 'mine');
        await publish(server, 'mine/too', 'not for me');
        await publish(server, 'yours', 'not for me');
        await publish(server, 'mine', 'for me');
        expect((await stream.next()).data).toBe('for me');
        stream.close();
    });

    test('is heard by a browser EventSource, typed events too', async () => {
        const browser = await eventSource(server, streamPath('browser'), ['created']);
        await publish(server, 'browser', 'plain');
        await publish(server, 'browser', 'typed', { type: 'created' });
        expect(await browser.take(2)).toMatchObject([
            { type: 'message', data: 'plain' },
            { type: 'created', data: 'typed' },
        ]);
        browser.close();
    });
});

describe('one stream over several topics', () => {
    test('carries all of them in the order of publishing', async () => {
        const stream = await sse(server, ['multi/a', 'multi/b', 'metrics/multi']);
        const wanted: string[] = [];
        for (let n = 0; n < 30; n += 1) {
            const topic = n % 2 === 0 ? 'multi/a' : 'multi/b';
            wanted.push(`${topic} ${n}`);
            await publish(server, topic, `${topic} ${n}`);
        }
        expect((await stream.take(30)).map((event) => event.data)).toEqual(wanted);
        await publish(server, 'metrics/multi', 'volatile');
        expect((await stream.next()).data).toBe('volatile');
        stream.close();
    });

    test('carries each event once when a topic is named twice', async () => {
        const stream = await sse(server, ['twice', 'twice']);
        await publish(server, 'twice', 'first');
        await publish(server, 'twice', 'second');
        expect((await stream.take(2)).map((event) => event.data)).toEqual(['first', 'second']);
        stream.close();
    });

    test('takes 128 topics', async () => {
        const topics = Array.from({ length: 128 }, (_, at) => `many/${at}`);
        const stream = await sse(server, topics);
        await publish(server, 'many/127', 'the last');
        expect((await stream.next()).data).toBe('the last');
        stream.close();
    });
});

describe('one WebSocket', () => {
    test('carries one JSON text frame for each event', async () => {
        const socket = await wsConnect(server, '/api/topics/frames/ws');
        const since = Date.now();
        const { epoch } = await publish(server, 'frames', 'Волк 🐺', { type: 'howl' });
        const heard = await socket.next();
        expect(heard).toMatchObject({
            topic: 'frames',
            epoch,
            offset: 1,
            type: 'howl',
            data: 'Волк 🐺',
        });
        expectToldSince(since, Date.parse(heard.time));
        socket.close();
    });

    test.each([
        ['text', 'hello'],
        ['binary', Buffer.from([1, 2, 3])],
    ])('is for reading only: a %s message gets 1003', async (_, message) => {
        const socket = await wsConnect(server, '/api/topics/frames/ws');
        socket.send(message);
        expect((await socket.expectClosed()).code).toBe(1003);
    });

    test('answers pings', async () => {
        const socket = await wsConnect(server, '/api/topics/frames/ws');
        const ponged = new Promise<Buffer>((resolve) => socket.socket.on('pong', resolve));
        socket.socket.ping('are you there');
        expect((await ponged).toString()).toBe('are you there');
        socket.close();
    });

    test('hears what SSE readers hear, with equal offsets and order', async () => {
        const socket = await wsConnect(server, '/api/topics/both/ws');
        const stream = await sse(server, 'both');
        await Promise.all(Array.from({ length: 40 }, (_, n) => publish(server, 'both', `${n}`)));
        const frames = await socket.take(40);
        const events = await stream.take(40);
        expect(frames.map((frame) => frame.data)).toEqual(events.map((event) => event.data));
        expect(frames.map((frame) => frame.offset)).toEqual(frames.map((_, at) => at + 1));
        socket.close();
        stream.close();
    });
});

describe('many readers', () => {
    test('all hear the same order while many publish', async () => {
        const readers = await Promise.all(Array.from({ length: 30 }, () => sse(server, 'crowd')));
        const sockets = await Promise.all(
            Array.from({ length: 30 }, () => wsConnect(server, '/api/topics/crowd/ws')),
        );
        await Promise.all(Array.from({ length: 100 }, (_, n) => publish(server, 'crowd', `${n}`)));
        const truth = (await history(server, 'crowd')).events.map((event) => event.data);
        expect(truth).toHaveLength(100);
        for (const reader of readers) {
            expect((await reader.take(100)).map((event) => event.data)).toEqual(truth);
            reader.close();
        }
        for (const socket of sockets) {
            expect((await socket.take(100)).map((frame) => frame.data)).toEqual(truth);
            socket.close();
        }
    });

    test('hear events that come faster than one by one, complete and in order', async () => {
        const reader = await sse(server, 'metrics/burst');
        const connection = await RawConnection.open(server);
        const post = (n: number) =>
            `POST /api/topics/metrics/burst/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n${String(n).padStart(4, '0')}`;
        connection.send(Array.from({ length: 500 }, (_, n) => post(n)).join(''));
        const heard = (await reader.take(500)).map((event) => Number(event.data));
        expect(heard).toEqual(heard.map((_, at) => at));
        connection.close();
        reader.close();
    });
});

test.each(['1', '4'])(
    'with %s shards every reader hears one order, whatever shard it is on',
    async (shards) => {
        await withServer({ args: ['--shards', shards] }, async (other) => {
            const path = '/api/topics/shards/ws';
            const sockets = await Promise.all(
                Array.from({ length: 40 }, () => wsConnect(other, path)),
            );
            await Promise.all(
                Array.from({ length: 100 }, (_, n) => publish(other, 'shards', `${n}`)),
            );
            const truth = (await history(other, 'shards')).events.map((event) => event.data);
            for (const socket of sockets) {
                expect((await socket.take(100)).map((frame) => frame.data)).toEqual(truth);
                socket.close();
            }
            expect((await other.stop()).code).toBe(0);
        });
    },
);

describe('the small things', () => {
    test.each(['/healthz', '/readyz', '/metrics', '/'])('GET %s is 200', async (path) => {
        expect((await request(server, 'GET', path)).status).toBe(200);
    });

    test('the front page shows a curl line for each door', async () => {
        const { text } = await request(server, 'GET', '/');
        expect(text).toContain('curl');
        for (const door of ['/api/topics/', '/v1/sse', '/v2/sse', '/v3', '/wisdom/connect']) {
            expect(text).toContain(door);
        }
    });

    test('HEAD answers like GET without a body', async () => {
        const connection = await RawConnection.open(server);
        connection.send('HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
        await connection.untilEnded();
        expect(connection.received).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
    });

    test('a connection serves request after request', async () => {
        const connection = await RawConnection.open(server);
        for (let n = 0; n < 20; n += 1) {
            connection.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
            expect((await connection.reply()).status).toBe(200);
        }
        connection.close();
    });
});

describe('the list of topics', () => {
    /** All of a prefix, in pages of two. */
    async function namesOf(prefix: string): Promise<string[]> {
        const names: string[] = [];
        for (let more = true; more; ) {
            const after = names.at(-1) ?? '';
            const query = new URLSearchParams({ prefix, after, limit: '2' });
            const { json } = await request(server, 'GET', `/api/topics?${query}`);
            names.push(...json.topics.map(({ topic }: { topic: string }) => topic));
            more = json.more;
        }
        return names;
    }

    test('has every topic once, by name, over any number of pages', async () => {
        const names = ['list/a', 'list/a/b', 'list/a~', 'list/b', 'list/~'];
        for (const name of [...names].reverse()) {
            await publish(server, name, 'x');
        }
        expect(await namesOf('list/')).toEqual(names);
    });

    test('shows the lane and the newest offset that was given out', async () => {
        await publish(server, 'metrics/listed', 'x');
        await publish(server, 'metrics/listed', 'x');
        const { json } = await request(server, 'GET', '/api/topics?prefix=metrics/listed');
        expect(json).toEqual({
            topics: [{ topic: 'metrics/listed', lane: 'volatile', lastOffset: 2 }],
            more: false,
        });
    });

    test('leaves out the topics of our own apps', async () => {
        await request(server, 'POST', '/api/inbox/somebody/messages', { body: 'x' });
        expect(await namesOf('howl')).toEqual([]);
        expect(await namesOf('howl:inbox/')).toEqual([]);
        expect(JSON.stringify(await namesOf(''))).not.toContain('howl:');
    });

    test('no longer has a topic that was deleted', async () => {
        await publish(server, 'list-gone/a', 'x');
        await request(server, 'DELETE', '/api/topics/list-gone/a/events?scope=topic');
        expect(await namesOf('list-gone/')).toEqual([]);
    });

    test('is there again after a restart', async () => {
        await withServer({}, async (kept) => {
            await publish(kept, 'kept', 'x');
            await kept.restart();
            const { json } = await request(kept, 'GET', '/api/topics');
            expect(json.topics).toEqual([{ topic: 'kept', lane: 'durable', lastOffset: 1 }]);
        });
    });
});
