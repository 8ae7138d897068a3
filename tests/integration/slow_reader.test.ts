// SPDX-License-Identifier: Apache-2.0
// A reader that stops reading costs a known number of bytes and nobody's time.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { type Server, useServer } from '../harness/server.ts';
import { volatileMetrics } from '../harness/settings.ts';
import { metric, publish, type Receipt, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';
import { upgradeRequest } from '../conformance/handshake_cases.ts';

const server = useServer({ config: volatileMetrics });

/** More than the kernel's buffers and the queue's limit hold together. */
const kEvents = 160;
const kBody = 'x'.repeat(60_000);

async function stalledSse(to: Server, topic: string): Promise<RawConnection> {
    const connection = await RawConnection.open(to);
    connection.send(`GET /api/topics/${topic}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await connection.untilReceived('\r\n\r\n');
    return connection.stall();
}

async function stalledWebSocket(to: Server, topic: string): Promise<RawConnection> {
    const connection = await RawConnection.open(to);
    const line = `GET /api/topics/${topic}/ws HTTP/1.1`;
    connection.send(upgradeRequest({ line }).replaceAll('{host}', '127.0.0.1'));
    await connection.untilReceived('\r\n\r\n');
    return connection.stall();
}

async function publishMany(topic: string): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    for (let n = 0; n < kEvents; n += 1) {
        receipts.push(await publish(server, topic, `${n} ${kBody}`));
    }
    return receipts;
}

test.each([
    ['SSE', stalledSse],
    ['WebSocket', stalledWebSocket],
] as const)(
    'a stalled %s reader is disconnected, and the others hear everything',
    async (kind, stall) => {
        const topic = `metrics/stalled/${kind}`;
        const slowBefore = await metric(server, 'howl_slow_readers_total');
        const stalled = await stall(server, topic);
        const stream = await sse(server, topic);
        const socket = await wsConnect(server, `/api/topics/${topic}/ws`);

        await publishMany(topic);
        const wanted = Array.from({ length: kEvents }, (_, n) => n);
        expect((await stream.take(kEvents)).map((event) => parseInt(event.data))).toEqual(wanted);
        expect((await socket.take(kEvents)).map((frame) => parseInt(frame.data))).toEqual(wanted);

        await eventually(
            'the slow reader is counted',
            async () => (await metric(server, 'howl_slow_readers_total')) > slowBefore,
        );
        await stalled.resume().untilEnded('the stalled reader is cut off');
        expect(stalled.received).not.toContain(`${kEvents - 1} xxx`);
        stream.close();
        socket.close();
    },
);

test('a slow reader that comes back gets what it missed', async () => {
    const topic = 'slow/durable';
    const stalled = await stalledSse(server, topic);
    const fast = await sse(server, topic);
    await publishMany(topic);
    await fast.take(kEvents);
    await stalled.resume().untilEnded('the stalled reader is cut off');

    const blocks = stalled.received.split('\n\n').slice(0, -1);
    const heard = blocks.filter((block) => /^data: /m.test(block)).length;
    const lastEventId =
        [...stalled.received.matchAll(/^id: (.+)\n(?=[^]*?\n\n)/gm)].at(-1)?.[1] ?? '';
    const again = await sse(server, topic, { lastEventId });
    const first = await again.next();
    expect(parseInt(first.data)).toBeLessThanOrEqual(heard);
    const missed = [first, ...(await again.take(kEvents - 1 - parseInt(first.data)))];
    expect(missed.map((event) => parseInt(event.data)).at(-1)).toBe(kEvents - 1);
    fast.close();
    again.close();
});

test('a hundred stalled readers hold no more than their limit, and give it back', async () => {
    const topic = 'metrics/hundred';
    const stalled = await Promise.all(Array.from({ length: 100 }, () => stalledSse(server, topic)));
    const fast = await sse(server, topic);
    let most = 0;
    for (let n = 0; n < kEvents; n += 1) {
        await publish(server, topic, `${n} ${kBody}`);
        if (n % 10 === 0) {
            most = Math.max(most, await metric(server, 'howl_output_queue_bytes'));
        }
    }
    await fast.take(kEvents, 'events beside a hundred stalled readers', 20_000);
    expect(most).toBeLessThanOrEqual(100 * 1.25 * 1024 * 1024);
    for (const reader of stalled) {
        reader.close();
    }
    fast.close();
    await eventually(
        'the queues are empty',
        async () => (await metric(server, 'howl_output_queue_bytes')) === 0,
    );
});

describe('a reader that is too slow, but reads', () => {
    const script = fileURLToPath(new URL('../harness/slow_reader.py', import.meta.url));
    const upgrade = [
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];

    test.each([
        ['SSE', 'events', [], /^end .*: slow: [^\n]*\\r\\n0\\r\\n\\r\\n'$/],
        ['WebSocket', 'ws', upgrade, /^end .*\\x88\\x06\\x03\\xf5slow'$/],
    ] as const)(
        'reads the reason over %s, and is counted as told',
        async (kind, verb, headers, ending) => {
            const told = () => metric(server, 'howl_slow_readers_ended_total', { end: 'told' });
            const before = await told();
            const topic = `metrics/slow/${kind}`;
            const reader = spawn('python3', [
                script,
                `${server.port}`,
                `/api/topics/${topic}/${verb}`,
                '20000',
                ...headers,
            ]);
            let said = '';
            reader.stdout.on('data', (text: Buffer) => (said += text.toString()));
            await eventually('it reads', () => said.startsWith('begun'));
            await publishMany(topic);
            await eventually('it has come to the end', () => /^(end|reset)/m.test(said), 45_000);
            expect(said.split('\n').at(-2)).toMatch(ending);
            expect(await told()).toBe(before + 1);
        },
        60_000,
    );
});
