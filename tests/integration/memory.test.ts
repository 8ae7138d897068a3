// SPDX-License-Identifier: Apache-2.0
// What little a peer sends must not make the server hold much.
import { expect, test } from 'vitest';
import { upgradeRequest } from '../conformance/handshake_cases.ts';
import { deflated, frame, kBinary, kContinuation, kText } from '../conformance/websocket_wire.ts';
import { kMiB, memoryOf } from '../harness/process_memory.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { deflate, echoDoor } from '../harness/settings.ts';
import { metric } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: echoDoor + deflate });

async function compressing(): Promise<RawConnection> {
    const connection = await RawConnection.open(server);
    const add = ['Sec-WebSocket-Extensions: permessage-deflate'];
    connection.send(upgradeRequest({ add }).replaceAll('{host}', 'localhost'));
    return connection.untilReceived('permessage-deflate');
}

test('fifty bombs, 200 MB each when inflated, are refused', async () => {
    const bomb = frame(kBinary, deflated(Buffer.alloc(200_000_000)).subarray(0, 60_000), {
        rsv: 4,
    });
    const before = memoryOf(server);
    for (let n = 0; n < 50; n += 1) {
        const connection = await compressing();
        connection.send(bomb);
        await connection.until('close 1009', () =>
            /\x88[\x02-\x7d]\x03\xf1/.test(connection.received),
        );
        connection.close();
    }
    expect(memoryOf(server) - before).toBeLessThan(8 * kMiB);
}, 40_000);

test('two hundred messages that never end hold no more than their bytes', async () => {
    const before = memoryOf(server);
    const connections = await Promise.all(
        Array.from({ length: 200 }, async () => {
            const connection = await compressing();
            connection.send(frame(kText, 'x', { fin: 0 }));
            for (let n = 0; n < 60; n += 1) {
                connection.send(frame(kContinuation, '', { fin: 0 }));
            }
            return connection;
        }),
    );
    await eventually(
        'all messages are under way',
        async () => (await metric(server, 'howl_websocket_sessions')) === 200,
    );
    expect(memoryOf(server) - before).toBeLessThan(200 * 64 * 1024);
    connections.forEach((connection) => connection.close());
    await eventually(
        'all have left',
        async () => (await metric(server, 'howl_websocket_sessions')) === 0,
    );
});

test('a million empty fragments end at the fragment limit', async () => {
    const connection = await compressing();
    const train = Buffer.concat(
        Array.from({ length: 10_000 }, () => frame(kContinuation, '', { fin: 0 })),
    );
    connection.send(frame(kText, '', { fin: 0 }));
    for (let n = 0; n < 100 && connection.ended === undefined; n += 1) {
        connection.send(train);
        await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.untilEnded('the connection is cut');
    expect(connection.received).toMatch(/\x88[\x02-\x7d]\x03\xf0/);
});
