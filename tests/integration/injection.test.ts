// SPDX-License-Identifier: Apache-2.0
// Whatever a publisher or a client writes, it stays the value it was written into: no
// forged SSE field, no forged header, no forged log line.
import { afterAll, describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import {
    eventSource,
    expectProblem,
    history,
    postEvent,
    publish,
    request,
    sse,
    streamPath,
    wholeHistory,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer({ args: ['--log-format', 'json'] });

/** What an attacker would like to write into the middle of a line. */
const payloads = [
    'a\nb',
    'a\rb',
    'a\r\nb',
    'a\n\nb',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\r\r',
    '\n\r',
    'a\n',
    'a\r\n',
    '\na',
    'data: forged',
    '\ndata: forged',
    '\n\ndata: forged\n\n',
    'x\n\nid: 1\nevent: forged\ndata: y\n\n',
    'id: 999',
    '\nid: 999\n',
    '\r\nid: 999\r\n',
    'x\rid: 999\r',
    'event: reset',
    '\nevent: reset\ndata: x',
    'retry: 1',
    '\nretry: 1\n',
    ': comment',
    '\n: comment\n',
    ':',
    '\n:',
    'data',
    '\ndata\n',
    'data:',
    ' ',
    '  leading',
    'trailing  ',
    ' \n ',
    '\t',
    '\ufeff',
    '\ufeffdata: x',
    'a\ufeffb',
    '\u2028',
    '\u2029',
    '\u0085',
    'a\u2028data: forged',
    '\0',
    'a\0b',
    '\u0001\u0002\u001f',
    '\u007f',
    '\u001b[31mred',
    '\b\b\b',
    '\v\f',
    'Волк 🐺',
    '\u{10ffff}',
    '\ud7ff\ue000',
    '👩‍👩‍👧‍👦',
    'e\u0301',
    '\u202Eevil',
    '<script>alert(1)</script>',
    '"}\n{"type":"reset"',
    '\\',
    '\\n',
    '\\u000a',
    "'; DROP TABLE events; --",
    '${jndi:ldap://x}',
    '%0a',
    '%00',
    '{"a":"b"}',
    '[]',
    'null',
    'true',
    '0',
    '-0',
    '1e999',
    '"',
    '""',
    '\u2028"\u2029',
    'x'.repeat(60_000),
    '\n'.repeat(500),
    '\r\n'.repeat(500),
    'data: \n'.repeat(200),
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
];

/** What an SSE reader can see of a text: every line break is an LF. */
const asLines = (data: string) => data.replace(/\r\n|\r/g, '\n');

describe('data', () => {
    test('reaches our strict parser as it was', async () => {
        const stream = await sse(server, 'data/strict');
        for (const data of payloads) {
            await publish(server, 'data/strict', data);
        }
        const heard = await stream.take(payloads.length);
        expect(heard.map((event) => event.data)).toEqual(payloads.map(asLines));
        expect(new Set(heard.map((event) => event.type))).toEqual(new Set(['']));
        expect(new Set(heard.map((event) => event.lastEventId)).size).toBe(payloads.length);
        stream.close();
    });

    test('reaches a browser EventSource as it was', async () => {
        const browser = await eventSource(server, streamPath('data/browser'));
        for (const data of payloads) {
            await publish(server, 'data/browser', data);
        }
        const heard = await browser.take(payloads.length);
        expect(heard.map((event) => event.data)).toEqual(payloads.map(asLines));
        expect(heard.filter((event) => event.type !== 'message')).toEqual([]);
        browser.close();
    });

    test('reaches WebSocket readers and history byte for byte', async () => {
        const socket = await wsConnect(server, '/api/topics/data/exact/ws');
        for (const data of payloads) {
            await publish(server, 'data/exact', data);
        }
        expect((await socket.take(payloads.length)).map((frame) => frame.data)).toEqual(payloads);
        const kept = await wholeHistory(server, 'data/exact');
        expect(kept.map((event) => event.data)).toEqual(payloads);
        socket.close();
    });

    test('with every byte that is not UTF-8 is refused', async () => {
        const broken = [
            [0x80],
            [0xc0, 0x80],
            [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0xff],
            [0xe2, 0x82],
            [0xf0, 0x9f, 0x90],
        ];
        for (const bytes of broken) {
            const reply = await postEvent(server, 'data/broken', Buffer.from([0x61, ...bytes]));
            expectProblem(reply, 400, 'invalid_utf8');
        }
    });
});

describe('an event type', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const forbidden = bytes.filter((byte) => byte <= 0x20 || byte >= 0x7f);

    test.each(['a', 'a.b-c_d:e/f', 'CREATED', '~!#$', 't'.repeat(64)])(
        '%s is taken as it is',
        async (type) => {
            const stream = await sse(server, 'type/good');
            await publish(server, 'type/good', 'x', { type });
            expect((await stream.next()).type).toBe(type);
            stream.close();
        },
    );

    test('with any control character, space or byte above ASCII is refused', async () => {
        for (const byte of forbidden) {
            const type = `a%${byte.toString(16).padStart(2, '0')}data:forged`;
            const reply = await request(
                server,
                'POST',
                `/api/topics/type/bad/events?type=${type}`,
                { body: 'x' },
            );
            expect([byte, reply.status, reply.json?.code]).toEqual([
                byte,
                400,
                'invalid_event_type',
            ]);
        }
        expect((await history(server, 'type/bad')).events).toEqual([]);
    });

    test.each(['reset', 'open', 'error'])(
        "%s is the browser's or ours, so it is refused",
        async (type) => {
            expectProblem(
                await postEvent(server, 'type/bad', 'x', { type }),
                400,
                'invalid_event_type',
            );
        },
    );
});

describe('a topic name', () => {
    test('may hold any character, is refused with any other byte, and no header is forged', async () => {
        for (let byte = 0; byte < 256; byte += 1) {
            if (/[A-Za-z0-9._~:/-]/.test(String.fromCharCode(byte))) {
                continue;
            }
            const escaped = `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
            const path = `/api/topics/a${escaped}Set-Cookie:x%3D1/events`;
            const reply = await request(server, 'POST', path, { body: 'x' });
            const isCharacter = byte > 0 && byte < 128;
            const code = byte === 0 ? 'bad_request' : 'invalid_topic';
            expect([byte, reply.status, reply.json?.code]).toEqual(
                isCharacter ? [byte, 201, undefined] : [byte, 400, code],
            );
            if (isCharacter) {
                const topic = `a${String.fromCharCode(byte)}Set-Cookie:x=1`;
                expect(reply.json.topic).toBe(topic);
            }
            expect(reply.headers['set-cookie']).toBeUndefined();
        }
    });

    test.each(['..', '../..', './.', 'a/../b', '...'])(
        '%s is a name like any other, and no path',
        async (topic) => {
            const connection = await RawConnection.open(server);
            connection.send(
                `POST /api/topics/${topic}/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`,
            );
            const reply = await connection.reply();
            expect([201, 400]).toContain(reply.status);
            connection.close();
        },
    );

    test.each(["'; DROP TABLE events; --", '" OR 1=1', '%', '_', '*'])(
        '%j does not reach the database as SQL',
        async (topic) => {
            await request(
                server,
                'GET',
                `/api/topics/${encodeURIComponent(topic)}/events?format=json`,
            );
            await publish(server, 'sql', 'still there');
            expect((await history(server, 'sql')).events.at(-1)?.data).toBe('still there');
        },
    );
});

describe('request headers', () => {
    const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
        .filter((character) => !'\t\r\n'.includes(character))
        .concat('\x7f');

    test('with control characters are refused with 400 and the end of the connection', async () => {
        for (const character of controls) {
            for (const header of ['Idempotency-Key', 'Content-Type', 'X-Anything', 'Origin']) {
                const connection = await RawConnection.open(server);
                connection.send(
                    `POST /api/topics/control/events HTTP/1.1\r\nHost: localhost\r\n${header}: a${character}b\r\nContent-Length: 1\r\n\r\nx`,
                );
                expect(
                    (await connection.reply()).status,
                    `${header} ${character.charCodeAt(0)}`,
                ).toBe(400);
                await connection.untilEnded();
            }
        }
    });

    test('are not echoed into the reply', async () => {
        const marks = {
            'x-mark': 'mark-1',
            cookie: 'mark-2',
            referer: 'http://mark-3',
            'user-agent': 'mark-4',
        };
        const reply = await request(server, 'GET', '/no/such/thing', { headers: marks });
        expect(JSON.stringify(reply.headers) + reply.text).not.toMatch(/mark-\d/);
    });

    test('a query does not break the error reply that quotes it', async () => {
        for (const query of [
            'after=%0d%0aSet-Cookie:%20x=1',
            'after="}',
            'after=%00',
            'limit=<script>',
        ]) {
            const reply = await request(server, 'GET', `/api/topics/q/events?format=json&${query}`);
            expect(reply.status).toBe(400);
            expect(reply.headers['set-cookie']).toBeUndefined();
            expect(reply.json.code).toEqual(expect.any(String));
        }
    });
});

describe('the inbox', () => {
    test('keeps a message inside its data lines', async () => {
        for (const version of ['v2', 'v3']) {
            const connection = await RawConnection.open(server);
            connection.send(`GET /${version}/sse?username=eve HTTP/1.1\r\nHost: localhost\r\n\r\n`);
            await connection.untilReceived('\r\n\r\n');
            const body = 'a\rb\r\nc\n\nevent: forged\ndata: d';
            expect(
                (await request(server, 'POST', `/${version}/message?username=eve`, { body }))
                    .status,
            ).toBe(204);
            await connection.untilReceived('data: d');
            expect(connection.received).not.toMatch(/^event:/m);
            expect(connection.received).toMatch(
                /data: a\ndata: b\ndata: c\ndata: \ndata: event: forged\ndata: data: d\n/,
            );
            connection.close();
        }
    });

    test('takes a user name of any kind without forging anything', async () => {
        for (const name of [
            'a\r\nb',
            '../../etc',
            '%',
            'ж',
            '🐺',
            "' OR 1=1",
            'a b',
            '*',
            'x'.repeat(60),
        ]) {
            const user = encodeURIComponent(name);
            const stream = await request(server, 'POST', `/v2/message?username=${user}`, {
                body: 'x',
            });
            expect([204, 400]).toContain(stream.status);
        }
    });
});

afterAll(() => {
    const lines = server.log.split('\n').filter((line) => line !== '');
    for (const line of lines) {
        expect(() => JSON.parse(line), line).not.toThrow();
    }
    expect(server.log).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
});
