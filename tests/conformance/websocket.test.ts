// SPDX-License-Identifier: Apache-2.0
// The server's WebSocket against a table of bytes. Every case has a connection of its own;
// what the server says must be exactly what the table says, then the server must close.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { Server, useServer } from '../harness/server.ts';
import { deflate, echoDoor } from '../harness/settings.ts';
import { within } from '../harness/wait.ts';
import {
    declined,
    handshakeCases,
    type HandshakeCase,
    negotiations,
    upgradeRequest,
} from './handshake_cases.ts';
import { cases, type Case } from './websocket_cases.ts';
import { close, FrameReader } from './websocket_wire.ts';

const plain = useServer({ config: echoDoor });
const compressing = useServer({ config: echoDoor + deflate });

const total = cases.length + handshakeCases.length + negotiations.length + declined.length;
let passed = 0;
let startedAt = 0;
beforeAll(() => {
    startedAt = performance.now();
});
afterAll(() => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`WebSocket conformance: ${passed} of ${total} cases passed in ${seconds} s`);
});

test('the table has at least 330 cases, each with a name of its own', () => {
    expect(total).toBeGreaterThanOrEqual(330);
    const names = [...cases, ...handshakeCases, ...negotiations, ...declined].map(
        (one) => one.name,
    );
    expect(new Set(names).size).toBe(total);
});

describe.concurrent('frames', () => {
    for (const one of cases) {
        const server = one.extensions === undefined ? plain : compressing;
        test(one.name, () => counted(runCase(server, one)));
    }
});

describe.concurrent('handshake', () => {
    for (const one of [...handshakeCases, ...declined]) {
        test(one.name, () => counted(runHandshake(plain, one)));
    }
    for (const one of negotiations) {
        test(one.name, () => counted(runHandshake(compressing, one)));
    }
});

async function counted(run: Promise<void>): Promise<void> {
    await run;
    passed += 1;
}

/** Lets what was written leave as a segment of its own. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function runCase(server: Server, one: Case): Promise<void> {
    const connection = await RawConnection.open(server);
    const add = one.extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${one.extensions}`];
    connection.send(upgradeRequest({ add }).replaceAll('{host}', `127.0.0.1:${server.port}`));
    const { head } = await connection.reply();
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(/^sec-websocket-extensions: permessage-deflate/im.test(head)).toBe(
        one.extensions !== undefined,
    );

    const reader = readFrames(connection, one.extensions !== undefined);
    for (const bytes of one.send) {
        connection.send(bytes);
        await nextTurn();
    }
    if (one.expect.length === 0) {
        connection.socket.end();
    } else {
        await sayGoodbyeWhenClosed(connection, reader, one);
    }
    await connection.untilEnded(`the server closes after ${one.expect.at(-1) ?? 'we went away'}`);
    connection.close();
    expectHeard(reader.heard, one);
}

/** A failed connection ends sooner when the client answers the close frame; it always may. */
async function sayGoodbyeWhenClosed(
    connection: RawConnection,
    reader: FrameReader,
    one: Case,
): Promise<void> {
    const lately = () => JSON.stringify(reader.heard.slice(-3));
    const wanted = JSON.stringify(one.expect.slice(-3));
    await connection.until(
        () => `${wanted}; heard ${lately()}`,
        () => reader.closeHeard,
    );
    connection.send(close(1000));
}

function readFrames(connection: RawConnection, deflated: boolean): FrameReader {
    const reader = new FrameReader(deflated);
    reader.push(Buffer.from(connection.received, 'latin1'));
    connection.received = '';
    connection.socket.prependListener('data', (chunk) => reader.push(chunk));
    return reader;
}

function expectHeard(heard: string[], one: Case): void {
    if (one.expect.length === 0) {
        expect(heard.filter((line) => !line.startsWith('close'))).toEqual([]);
        return;
    }
    const wanted = one.expect.map((answer, at) => {
        const said = heard[at] ?? '';
        return typeof answer === 'string'
            ? answer
            : answer.includes(said)
              ? said
              : answer.join(' or ');
    });
    expect(heard).toEqual(wanted);
}

async function runHandshake(server: Server, one: HandshakeCase): Promise<void> {
    const connection = await RawConnection.open(server);
    const head = one.request.replaceAll('{host}', `127.0.0.1:${server.port}`);
    const request = Buffer.concat([Buffer.from(head, 'latin1'), one.trailing ?? Buffer.alloc(0)]);
    const step = one.chop ?? request.length;
    for (let at = 0; at < request.length; at += step) {
        connection.send(request.subarray(at, at + step));
        await nextTurn();
    }
    const patience = one.deadlineMs ?? 10_000;
    await connection.until(
        'a reply head',
        () => connection.received.includes('\r\n\r\n'),
        patience,
    );
    const wanted = typeof one.status === 'number' ? [one.status] : one.status;
    expect(wanted).toContain(Number(/^HTTP\/1\.[01] (\d{3}) /.exec(connection.received)?.[1]));
    if (one.hears !== undefined) {
        await expectEcho(connection, one.hears);
    }
    for (const pattern of one.has ?? []) {
        await connection.until(`${pattern}`, () => pattern.test(connection.received));
    }
    for (const pattern of one.hasNot ?? []) {
        expect(connection.received).not.toMatch(pattern);
    }
    if (one.closes) {
        await connection.untilEnded('the server closes after its refusal');
    }
    connection.close();
}

/** Frames that came with the request were not lost. */
async function expectEcho(connection: RawConnection, hears: string[]): Promise<void> {
    const headEnd = connection.received.indexOf('\r\n\r\n') + 4;
    const reader = new FrameReader(true);
    reader.push(Buffer.from(connection.received.slice(headEnd), 'latin1'));
    connection.socket.on('data', (chunk) => reader.push(chunk));
    const enough = () => reader.heard.length >= hears.length;
    await within(connection.until('the echo', enough), 'the echo');
    expect(reader.heard).toEqual(hears);
}
