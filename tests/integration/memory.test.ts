// SPDX-License-Identifier: Apache-2.0
// Rows F3 and F4: what little a peer sends must not make the server hold much.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { upgradeRequest } from '../conformance/handshake_cases.ts';
import { deflated, frame, kBinary, kContinuation, kText } from '../conformance/websocket_wire.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { deflate, echoDoor } from '../harness/settings.ts';
import { metric } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: echoDoor + deflate });
const pid = () => server.pid;

function residentKib(): number {
    const status = readFileSync(`/proc/${pid()}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}

async function compressing(): Promise<RawConnection> {
    const connection = await RawConnection.open(server);
    const add = ['Sec-WebSocket-Extensions: permessage-deflate'];
    connection.send(upgradeRequest({ add }).replaceAll('{host}', 'localhost'));
    return connection.untilReceived('permessage-deflate');
}

test('fifty bombs, 200 MB each when inflated, are refused within a second each', async () => {
    const bomb = frame(kBinary, deflated(Buffer.alloc(200_000_000)).subarray(0, 60_000), {
        rsv: 4,
    });
    const before = residentKib();
    for (let n = 0; n < 50; n += 1) {
        const connection = await compressing();
        const since = performance.now();
        connection.send(bomb);
        await connection.until('close 1009', () =>
            /\x88[\x02-\x7d]\x03\xf1/.test(connection.received),
        );
        expect(performance.now() - since).toBeLessThan(1_000);
        connection.close();
    }
    expect(residentKib() - before).toBeLessThan(8 * 1024);
}, 40_000);

test('two hundred messages that never end hold no more than their bytes', async () => {
    const before = residentKib();
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
    expect(residentKib() - before).toBeLessThan(200 * 64);
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
