// SPDX-License-Identifier: Apache-2.0
// After everybody has left, nothing of them is left.
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isInstrumented, kMiB, memoryOf } from '../harness/process_memory.ts';
import { RawConnection } from '../harness/raw.ts';
import { Random } from '../harness/random.ts';
import { useServer } from '../harness/server.ts';
import { metric, publish, request, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer();

/** Ways to come and go, polite and not. */
const visits: Array<(topic: string) => Promise<void>> = [
    async (topic) => (await sse(server, topic)).close(),
    async (topic) => (await wsConnect(server, `/api/topics/${topic}/ws`)).close(),
    async (topic) => {
        const socket = await wsConnect(server, `/api/topics/${topic}/ws`);
        socket.socket.close(1000);
        await socket.expectClosed();
    },
    async () => (await RawConnection.open(server)).send('GET / HT').close(),
    async (topic) => {
        const connection = await RawConnection.open(server);
        connection.send(`GET /api/topics/${topic}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`).close();
    },
    async () => {
        const socket = await wsConnect(server, '/wisdom/connect');
        socket.send({ type: 'connect', payload: {} });
        socket.close();
    },
    async (topic) => (await sse(server, [topic, `${topic}/b`, `${topic}/c`])).close(),
];

test('two thousand come and go, and every gauge is 0', async () => {
    const random = new Random();
    const descriptorsBefore = await settledDescriptors();
    const guests = Array.from({ length: 20 }, async () => {
        for (let n = 0; n < 100; n += 1) {
            const visit = visits[random.between(0, visits.length - 1)] as (typeof visits)[0];
            await visit(`churn/${random.between(0, 20)}`);
        }
    });
    const publisher = (async () => {
        for (let n = 0; n < 200; n += 1) {
            await publish(server, `churn/${n % 20}`, 'to whom it may concern');
        }
    })();
    await Promise.all([...guests, publisher]);

    for (const gauge of [
        'howl_sse_sessions',
        'howl_websocket_sessions',
        'howl_readers',
        'howl_subscriptions',
        'howl_output_queue_bytes',
    ]) {
        await eventually(`${gauge} is 0`, async () => (await metric(server, gauge)) === 0);
    }
    // Our own HTTP client keeps connections open for a while.
    await eventually(
        'descriptors are given back',
        async () => (await descriptors()) <= descriptorsBefore + 64,
    );
    expect((await request(server, 'GET', '/metrics')).text).not.toMatch(/_total\{?.*\} -/);
}, 60_000);

/** Files and sockets that the server's process has open. */
async function descriptors(): Promise<number> {
    return (await readdir(`/proc/${server.pid}/fd`)).length;
}

async function settledDescriptors(): Promise<number> {
    await request(server, 'GET', '/healthz');
    return descriptors();
}

test('five thousand streams one after the other do not grow the process', async () => {
    const visitAll = async (count: number) => {
        const lanes = Array.from({ length: 10 }, async () => {
            for (let n = 0; n < count / 10; n += 1) {
                (await sse(server, `growth/${n % 10}`)).close();
            }
        });
        await Promise.all(lanes);
        await eventually(
            'all have left',
            async () => (await metric(server, 'howl_sse_sessions')) === 0,
        );
    };
    await visitAll(1_000);
    if (isInstrumented(server)) {
        console.log('memory growth: not measured, a sanitizer keeps what was freed');
        return;
    }
    const before = memoryOf(server);
    await visitAll(4_000);
    expect(memoryOf(server)).toBeLessThan(before * 1.1 + 4 * kMiB);
}, 60_000);
