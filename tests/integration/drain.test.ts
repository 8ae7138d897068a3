// SPDX-License-Identifier: Apache-2.0
// Going down politely, and going down at once when asked twice.
import { expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { type Server, withServer } from '../harness/server.ts';
import { quickDrain, volatileMetrics } from '../harness/settings.ts';
import {
    eventSource,
    history,
    postEvent,
    publish,
    sse,
    streamPath,
    wholeHistory,
    wsConnect,
} from '../harness/verbs.ts';

const up = (use: (server: Server) => Promise<void>) => withServer({ config: quickDrain }, use);

test('an idle server exits with 0', () =>
    up(async (server) => {
        expect(await server.stop(5_000)).toEqual({ code: 0, signal: null });
    }));

test('SIGINT is as polite as SIGTERM', () =>
    up(async (server) => {
        server.signal('SIGINT');
        expect(await server.exit()).toEqual({ code: 0, signal: null });
    }));

test(
    'WebSocket readers are closed with 1012',
    () =>
        up(async (server) => {
            const sockets = await Promise.all(
                Array.from({ length: 50 }, () => wsConnect(server, '/api/topics/drained/ws')),
            );
            const exit = server.stop();
            for (const socket of sockets) {
                expect((await socket.expectClosed(20_000)).code).toBe(1012);
            }
            expect((await exit).code).toBe(0);
        }),
    40_000,
);

test(
    'SSE readers are told when to come back, each at its own time, then the stream ends',
    () =>
        up(async (server) => {
            const streams = await Promise.all(
                Array.from({ length: 50 }, () => sse(server, 'drained')),
            );
            const exit = server.stop();
            const retries: number[] = [];
            for (const stream of streams) {
                expect(await stream.ended).toBe('end of stream');
                retries.push(stream.parser.retryMs ?? -1);
            }
            expect(Math.min(...retries)).toBeGreaterThanOrEqual(0);
            expect(new Set(retries).size).toBeGreaterThan(10);
            expect((await exit).code).toBe(0);
        }),
    40_000,
);

test('what was acknowledged is delivered before the goodbye', () =>
    up(async (server) => {
        const stream = await sse(server, 'flushed');
        await Promise.all(
            Array.from({ length: 200 }, (_, n) => publish(server, 'flushed', `${n}`)),
        );
        const exit = server.stop();
        expect(await stream.take(200)).toHaveLength(200);
        expect((await exit).code).toBe(0);
    }));

test('new connections are refused, and readiness is off, while it drains', () =>
    up(async (server) => {
        const keepAlive = await RawConnection.open(server);
        keepAlive.send('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
        expect((await keepAlive.reply()).status).toBe(200);
        const stream = await sse(server, 'drained');
        const exit = server.stop();
        await stream.ended;
        keepAlive.send('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
        const status = await keepAlive.reply().then(
            (reply) => reply.status,
            () => 'closed',
        );
        expect([503, 'closed']).toContain(status);
        await expectRefusedSoon(server);
        keepAlive.close();
        expect((await exit).code).toBe(0);
    }));

test(
    'nothing acknowledged under load is lost',
    () =>
        up(async (server) => {
            const acknowledged: string[] = [];
            const publisher = async (lane: number) => {
                for (let n = 0; ; n += 1) {
                    const data = `${lane}/${n}`;
                    const reply = await postEvent(server, 'loaded', data).catch(() => undefined);
                    if (reply?.status !== 201) {
                        return;
                    }
                    acknowledged.push(data);
                }
            };
            const lanes = Array.from({ length: 8 }, (_, lane) => publisher(lane));
            const stream = await sse(server, 'loaded');
            await stream.take(50);
            expect((await server.stop()).code).toBe(0);
            await Promise.all(lanes);
            stream.close();
            await server.start();
            const kept = (await wholeHistory(server, 'loaded')).map((event) => event.data);
            expect(acknowledged.slice(-900).filter((data) => !kept.includes(data))).toEqual([]);
            await server.stop();
        }),
    40_000,
);

test(
    'a reader that never reads does not hold the exit beyond the deadline',
    () =>
        withServer({ config: quickDrain + volatileMetrics }, async (server) => {
            const stalled = await RawConnection.open(server);
            stalled.send('GET /api/topics/metrics/held/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
            await stalled.untilReceived('\r\n\r\n');
            stalled.stall();
            for (let n = 0; n < 100; n += 1) {
                await publish(server, 'metrics/held', 'x'.repeat(60_000));
            }
            expect((await server.stop(15_000)).code).toBe(0);
            stalled.close();
        }),
    40_000,
);

test('a second SIGTERM ends it at once, however long the first would wait', () =>
    withServer({ config: '[server]\ndrain_time = "1h"\n' }, async (server) => {
        const stalled = await Promise.all(
            Array.from({ length: 3 }, async () => {
                const reader = await RawConnection.open(server);
                reader.send('GET /api/topics/held/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
                await reader.untilReceived('\r\n\r\n');
                return reader.stall();
            }),
        );
        for (let n = 0; n < 100; n += 1) {
            await publish(server, 'held', 'x'.repeat(60_000));
        }
        server.signal('SIGTERM');
        await expectRefusedSoon(server);
        server.signal('SIGTERM');
        await server.exit();
        for (const reader of stalled) {
            reader.close();
        }
    }));

test(
    'browsers find their way back after a drain and have missed nothing',
    () =>
        up(async (server) => {
            const browser = await eventSource(server, streamPath('back'));
            await publish(server, 'back', 'before');
            await browser.next();
            await server.restart();
            await publish(server, 'back', 'after');
            expect((await browser.next('an event after the drain', 20_000)).data).toBe('after');
            expect((await history(server, 'back')).events).toHaveLength(2);
            browser.close();
            await server.stop();
        }),
    40_000,
);

/** Nobody is let in any more; the shards close their listeners one after the other. */
async function expectRefusedSoon(server: Server): Promise<void> {
    for (;;) {
        const visitor = await RawConnection.open(server).catch(() => undefined);
        if (visitor === undefined) {
            return;
        }
        visitor.close();
    }
}
