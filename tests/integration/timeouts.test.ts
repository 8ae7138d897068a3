// SPDX-License-Identifier: Apache-2.0
// Dead, silent and slow peers are found; those that answer stay. Times are short by configuration.
import { describe, expect, test } from 'vitest';
import { upgradeRequest } from '../conformance/handshake_cases.ts';
import {
    frame,
    FrameReader,
    kContinuation,
    kPing,
    kPong,
    kText,
} from '../conformance/websocket_wire.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { impatience } from '../harness/settings.ts';
import { metric, publish, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: impatience });

/** A WebSocket that does nothing by itself, unlike every library. */
async function rawSocket(): Promise<{ connection: RawConnection; reader: FrameReader }> {
    const connection = await RawConnection.open(server);
    connection.send(upgradeRequest().replaceAll('{host}', 'localhost'));
    await connection.untilReceived('\r\n\r\n');
    const reader = new FrameReader(false);
    const headEnd = connection.received.indexOf('\r\n\r\n') + 4;
    reader.push(Buffer.from(connection.received.slice(headEnd), 'latin1'));
    connection.socket.prependListener('data', (chunk) => reader.push(chunk));
    return { connection, reader };
}

const heard = (reader: FrameReader, what: RegExp) => reader.heard.filter((line) => what.test(line));

describe('a WebSocket peer', () => {
    test('that does not answer pings is closed with 1001 and counted', async () => {
        const before = await metric(server, 'howl_dead_peers_total');
        const { connection, reader } = await rawSocket();
        await connection.until('a ping', () => heard(reader, /^ping/).length > 0);
        await connection.until('the close', () => reader.closeHeard);
        expect(reader.heard.at(-1)).toBe('close 1001');
        await connection.untilEnded();
        expect(await metric(server, 'howl_dead_peers_total')).toBeGreaterThan(before);
    });

    test('that answers pings stays', async () => {
        const { connection, reader } = await rawSocket();
        for (let n = 1; n <= 5; n += 1) {
            await connection.until(`ping ${n}`, () => heard(reader, /^ping/).length >= n);
            connection.send(frame(kPong, heard(reader, /^ping/)[n - 1]?.slice(5) ?? ''));
        }
        expect(reader.closeHeard).toBe(false);
        connection.close();
    });

    test('of the stock client stays, since it answers pings by itself', async () => {
        const socket = await wsConnect(server, '/api/topics/pinged/ws');
        let pings = 0;
        socket.socket.on('ping', () => (pings += 1));
        await eventually('five pings', () => pings >= 5);
        await publish(server, 'pinged', 'still here');
        expect((await socket.next()).data).toBe('still here');
        socket.close();
    });

    test('that never ends its message is closed with 1008', async () => {
        const { connection, reader } = await rawSocket();
        connection.send(frame(kText, 'begin', { fin: 0 }));
        const trickle = setInterval(() => {
            heard(reader, /^ping/).forEach((ping) => connection.send(frame(kPong, ping.slice(5))));
            connection.send(frame(kContinuation, '.', { fin: 0 }));
        }, 100);
        await connection
            .until('the close', () => reader.closeHeard)
            .finally(() => clearInterval(trickle));
        expect(reader.heard.at(-1)).toBe('close 1008');
        connection.close();
    });

    test('that never ends its frame is closed with 1008', async () => {
        const { connection, reader } = await rawSocket();
        connection.send(frame(kText, 'x'.repeat(100)).subarray(0, 50));
        await connection.until('the close', () => reader.closeHeard);
        expect(reader.heard.at(-1)).toMatch(/^close 100[18]$/);
        connection.close();
    });

    test('that never answers our close frame is cut off all the same', async () => {
        const { connection, reader } = await rawSocket();
        connection.send(frame(kText, 'x', { mask: 'unmasked' }));
        await connection.until('the close', () => reader.closeHeard);
        await connection.untilEnded('the server gives up waiting', 8_000);
    });

    test('that floods with pings gets pongs in order, for the last ping in any case', async () => {
        // RFC 6455 section 5.5.3: an older ping may stay without a pong, the newest may not.
        const { connection, reader } = await rawSocket();
        const pings = Array.from({ length: 500 }, (_, n) =>
            frame(kPing, String(n).padStart(3, '0')),
        );
        connection.send(Buffer.concat(pings));
        await connection.until('the pong for the last ping', () =>
            reader.heard.includes('pong 499'),
        );
        const answered = heard(reader, /^pong/);
        expect(answered).toEqual([...new Set(answered)].sort());
        connection.close();
    });

    test('that floods with pings keeps nobody else from being served', async () => {
        const flood = await rawSocket();
        const pings = Buffer.concat(Array.from({ length: 50_000 }, () => frame(kPing, 'x')));
        flood.connection.send(pings);
        const stream = await sse(server, 'beside');
        for (let n = 0; n < 20; n += 1) {
            await publish(server, 'beside', `${n}`);
            expect((await stream.next()).data).toBe(`${n}`);
        }
        stream.close();
        flood.connection.close();
    });
});

describe('an SSE reader', () => {
    test('hears a comment when there is nothing else to hear', async () => {
        const stream = await sse(server, 'silence');
        await eventually('three comments', () => stream.parser.comments.length >= 3);
        await publish(server, 'silence', 'broken');
        expect((await stream.next()).data).toBe('broken');
        stream.close();
    });
});

describe('an HTTP client', () => {
    test('that sends its head byte by byte, too slowly, gets 408', async () => {
        const connection = await RawConnection.open(server);
        const drip = setInterval(() => connection.send('X'), 100);
        connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
        const reply = await connection.reply().finally(() => clearInterval(drip));
        expect([reply.status, JSON.parse(reply.body).code]).toEqual([408, 'request_timeout']);
        await connection.untilEnded();
    });

    test('that sends its body too slowly gets 408', async () => {
        const connection = await RawConnection.open(server);
        const head =
            'POST /api/topics/slow/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n';
        const drip = setInterval(() => connection.send('x'), 100);
        connection.send(head);
        expect((await connection.reply().finally(() => clearInterval(drip))).status).toBe(408);
        await connection.untilEnded();
    });

    test('that asks for nothing is let go', async () => {
        const connection = await RawConnection.open(server);
        connection.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
        expect((await connection.reply()).status).toBe(200);
        await connection.untilEnded();
        expect(connection.received).toBe('');
    });

    test('that connects and says nothing is let go', async () => {
        await (await RawConnection.open(server)).untilEnded();
    });
});
