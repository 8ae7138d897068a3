// SPDX-License-Identifier: Apache-2.0
// Promise 3: a reader that comes back gets what it missed, all of it, once, in order; and where
// that cannot be, it is told so before it hears anything else.
import { describe, expect, test } from 'vitest';
import { Random } from '../harness/random.ts';
import { type Server, useServer } from '../harness/server.ts';
import { longHistory, shortHistory, volatileMetrics } from '../harness/settings.ts';
import {
    eventSource,
    publish,
    publishWhateverHappens,
    request,
    sse,
    sseAt,
    streamPath,
    wsConnect,
} from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const settings = longHistory + shortHistory + volatileMetrics;
const server = useServer({ config: settings });

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `event ${at + 1}`);

/** Publishes `event 1` to `event count` in turn to `topics`, and does what `during` says halfway. */
async function publishThrough(
    to: Server,
    topics: string[],
    count: number,
    during: () => Promise<void>,
): Promise<void> {
    let trouble: Promise<void> = Promise.resolve();
    for (let n = 1; n <= count; n += 1) {
        if (n === Math.floor(count / 2)) {
            trouble = during();
        }
        const topic = topics[n % topics.length] as string;
        await publishWhateverHappens(to, topic, `event ${n}`, `key-${n}`);
    }
    await trouble;
}

describe('a browser EventSource', () => {
    test.each(['SIGTERM', 'SIGKILL'] as const)(
        'loses nothing and hears nothing twice over a restart by %s',
        async (how) => {
            const topic = `archive/browser/${how}`;
            const browser = await eventSource(server, streamPath(topic));
            await publishThrough(server, [topic], 200, async () => {
                await browser.next('the first event');
                await server.restart(how);
            });
            const heard = await browser.take(199, 'the rest', 15_000);
            expect(heard.map((event) => event.data)).toEqual(numbered(200).slice(1));
            expect(browser.connections).toBeGreaterThanOrEqual(2);
            browser.close();
        },
        40_000,
    );

    test('resumes several topics with one id', async () => {
        const topics = ['archive/many/a', 'archive/many/b', 'archive/many/c'];
        const browser = await eventSource(server, streamPath(topics));
        await publishThrough(server, topics, 200, async () => {
            await browser.next('the first event');
            await server.restart('SIGKILL');
        });
        const heard = await browser.take(199, 'the rest', 15_000);
        expect(heard.map((event) => event.data)).toEqual(numbered(200).slice(1));
        browser.close();
    }, 40_000);

    test('is told to reset when the history it needs is gone', async () => {
        const topic = 'short/browser';
        const first = await sse(server, topic);
        await publish(server, topic, 'seen');
        const { lastEventId } = await first.next();
        first.close();
        for (const data of numbered(30)) {
            await publish(server, topic, data);
        }
        const path = `${streamPath(topic)}?lastEventId=${lastEventId}`;
        const browser = await eventSource(server, path);
        expect((await browser.next('a reset')).type).toBe('reset');
        browser.close();
    });
});

describe('an SSE reader', () => {
    test.each(['header', 'query'] as const)('resumes by %s', async (way) => {
        const topic = `by/${way}`;
        const stream = await sse(server, topic);
        for (const data of numbered(10)) {
            await publish(server, topic, data);
        }
        const { lastEventId } = (await stream.take(4)).at(-1) as { lastEventId: string };
        stream.close();
        const again = await (way === 'header'
            ? sse(server, topic, { lastEventId })
            : sseAt(server, `${streamPath(topic)}?lastEventId=${lastEventId}`));
        expect((await again.take(6)).map((event) => event.data)).toEqual(numbered(10).slice(4));
        await publish(server, topic, 'live');
        expect((await again.next()).data).toBe('live');
        again.close();
    });

    test('resumes by header rather than by query, as a reconnecting browser needs', async () => {
        const stream = await sse(server, 'by/both');
        for (const data of numbered(6)) {
            await publish(server, 'by/both', data);
        }
        const heard = await stream.take(6);
        stream.close();
        const again = await sseAt(
            server,
            `/api/topics/by/both/events?lastEventId=${heard[0]?.lastEventId}`,
            {
                lastEventId: heard[3]?.lastEventId ?? '',
            },
        );
        expect((await again.take(2)).map((event) => event.data)).toEqual(['event 5', 'event 6']);
        again.close();
    });

    test('knows where it stands before it hears anything', async () => {
        await publish(server, 'quiet', 'before');
        const stream = await sse(server, 'quiet');
        const id = await eventually('an id', () => stream.parser.lastEventId || undefined);
        stream.close();
        await publish(server, 'quiet', 'missed');
        const again = await sse(server, 'quiet', { lastEventId: id });
        expect((await again.next()).data).toBe('missed');
        again.close();
    });

    test('is told to reset once, then goes on live, when history was evicted', async () => {
        const topic = 'short/evicted';
        const stream = await sse(server, topic);
        await publish(server, topic, 'seen');
        const { lastEventId } = await stream.next();
        stream.close();
        for (const data of numbered(30)) {
            await publish(server, topic, data);
        }
        const again = await sse(server, topic, { lastEventId });
        expect((await again.next()).type).toBe('reset');
        await publish(server, topic, 'live');
        const heard = await untilData(again, 'live');
        expect(heard.filter((event) => event.type === 'reset')).toEqual([]);
        again.close();
    });

    test('is told to reset when history was deleted', async () => {
        const stream = await sse(server, 'purged');
        for (const data of numbered(3)) {
            await publish(server, 'purged', data);
        }
        const { lastEventId } = await stream.next();
        stream.close();
        await request(server, 'DELETE', '/api/topics/purged/events');
        const again = await sse(server, 'purged', { lastEventId });
        expect((await again.next()).type).toBe('reset');
        again.close();
    });

    test('is not told to reset when only what it has seen is gone', async () => {
        const topic = 'short/seen';
        const stream = await sse(server, topic);
        for (const data of numbered(25)) {
            await publish(server, topic, data);
        }
        const { lastEventId } = (await stream.take(20)).at(-1) as { lastEventId: string };
        stream.close();
        const again = await sse(server, topic, { lastEventId });
        expect((await again.take(5)).map((event) => event.data)).toEqual(numbered(25).slice(20));
        again.close();
    });

    test('can use the id of a reset to resume', async () => {
        const topic = 'short/after-reset';
        const stream = await sse(server, topic);
        await publish(server, topic, 'seen');
        const { lastEventId } = await stream.next();
        stream.close();
        for (const data of numbered(30)) {
            await publish(server, topic, data);
        }
        const lost = await sse(server, topic, { lastEventId });
        await lost.next('a reset');
        await publish(server, topic, 'fence');
        const seen = (await untilData(lost, 'fence')).at(-1);
        lost.close();
        await publish(server, topic, 'next');
        const back = await sse(server, topic, { lastEventId: seen?.lastEventId ?? '' });
        expect(await back.next()).toMatchObject({ type: '', data: 'next' });
        back.close();
    });

    test.each(['0', 'earliest', 'garbage', '1.2.3', 'a.1.b.2.c.3', '-1', '\u00e9', 'x'.repeat(200)])(
        'with the id %j of another server gets a reset, then all that is kept',
        async (lastEventId) => {
            const topic = `foreign/${encodeURIComponent(lastEventId).replaceAll('%', '')}`;
            await publish(server, topic, 'kept');
            const stream = await sse(server, topic, { lastEventId });
            expect((await stream.next()).type).toBe('reset');
            expect((await stream.next()).data).toBe('kept');
            stream.close();
        },
    );
});

describe('a WebSocket reader', () => {
    test('resumes behind offset and epoch', async () => {
        for (const data of numbered(5)) {
            await publish(server, 'socket', data);
        }
        const { epoch } = await publish(server, 'socket', 'event 6');
        const socket = await wsConnect(server, `/api/topics/socket/ws?after=3&epoch=${epoch}`);
        const heard = await socket.take(3);
        expect(heard.map((frame) => [frame.offset, frame.data])).toEqual([
            [4, 'event 4'],
            [5, 'event 5'],
            [6, 'event 6'],
        ]);
        await publish(server, 'socket', 'live');
        expect(await socket.next()).toMatchObject({ offset: 7, data: 'live' });
        socket.close();
    });

    test('gets everything after offset 0', async () => {
        const { epoch } = await publish(server, 'socket/all', 'one');
        await publish(server, 'socket/all', 'two');
        const socket = await wsConnect(server, `/api/topics/socket/all/ws?after=0&epoch=${epoch}`);
        expect((await socket.take(2)).map((frame) => frame.data)).toEqual(['one', 'two']);
        socket.close();
    });

    test('resumes over kill -9', async () => {
        const first = await publish(server, 'archive/socket', 'one');
        await publish(server, 'archive/socket', 'two');
        await server.restart('SIGKILL');
        const place = `after=${first.offset}&epoch=${first.epoch}`;
        const socket = await wsConnect(server, `/api/topics/archive/socket/ws?${place}`);
        expect(await socket.next()).toMatchObject({ offset: 2, data: 'two', epoch: first.epoch });
        socket.close();
    });

    test.each([
        ['the history is evicted', 'short/socket', (epoch: string) => `after=1&epoch=${epoch}`],
        ['the epoch is another', 'socket/epoch', () => 'after=1&epoch=zzzzzzzz'],
    ])('is told to reset when %s', async (_, topic, place) => {
        let epoch = '';
        for (const data of numbered(30)) {
            epoch = (await publish(server, topic, data)).epoch;
        }
        const socket = await wsConnect(server, `/api/topics/${topic}/ws?${place(epoch)}`);
        expect(await socket.next()).toMatchObject({ type: 'reset', topic });
        socket.close();
    });
});

describe('a volatile topic', () => {
    test('resumes while the server lives', async () => {
        const stream = await sse(server, 'metrics/cpu');
        for (const data of numbered(8)) {
            await publish(server, 'metrics/cpu', data);
        }
        const { lastEventId } = (await stream.take(3)).at(-1) as { lastEventId: string };
        stream.close();
        const again = await sse(server, 'metrics/cpu', { lastEventId });
        expect((await again.take(5)).map((event) => event.data)).toEqual(numbered(8).slice(3));
        again.close();
    });

    test('resets over a restart, while a durable topic of the same stream resumes', async () => {
        const topics = ['metrics/load', 'archive/load'];
        const stream = await sse(server, topics);
        await publish(server, 'metrics/load', 'volatile');
        await publish(server, 'archive/load', 'durable 1');
        const { lastEventId } = (await stream.take(2)).at(-1) as { lastEventId: string };
        stream.close();
        await publish(server, 'archive/load', 'durable 2');
        await server.restart();
        const again = await sse(server, topics, { lastEventId });
        const heard = await again.take(2);
        expect(heard.map((event) => event.type).sort()).toEqual(['', 'reset']);
        expect(heard.map((event) => event.data)).toContain('durable 2');
        again.close();
    });
});

test('ten thousand reconnects at random points miss nothing and repeat nothing', async () => {
    // Twenty readers each read a few events, drop the connection, and come back with the last id,
    // also in the middle of a replay, while three topics are being published to.
    const random = new Random();
    const topics = ['archive/r/a', 'archive/r/b', 'archive/r/c'];
    const total = 1_500;
    const start = await sse(server, topics);
    await publish(server, 'archive/r/a', 'start');
    const { lastEventId } = await start.next();
    start.close();

    const reader = async (): Promise<string[]> => {
        const heard: string[] = [];
        for (let from = lastEventId; heard.length < total;) {
            const stream = await sse(server, topics, { lastEventId: from });
            const wanted = Math.min(random.between(1, 5), total - heard.length);
            for (const event of await stream.take(wanted)) {
                heard.push(event.type === 'reset' ? 'reset' : event.data);
                from = event.lastEventId;
            }
            stream.close();
        }
        return heard;
    };
    const readers = Array.from({ length: 20 }, reader);
    const wanted = numbered(total);
    for (const [at, data] of wanted.entries()) {
        await publish(server, topics[at % 3] as string, data);
    }
    for (const heard of await Promise.all(readers)) {
        expect(heard, `seed ${random.seed}`).toEqual(wanted);
    }
}, 60_000);

/** Everything up to and with the event whose data is `data`. */
async function untilData(stream: { next(): Promise<any> }, data: string): Promise<any[]> {
    const heard = [await stream.next()];
    while (heard.at(-1).data !== data) {
        heard.push(await stream.next());
    }
    return heard;
}

test('a position that is no number is refused', async () => {
    const path = '/api/topics/socket/ws?after=x&epoch=y';
    const refused = await wsConnect(server, path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 400 });
});
