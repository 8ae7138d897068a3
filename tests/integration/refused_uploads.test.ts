// SPDX-License-Identifier: Apache-2.0
// Clients that send a whole body before they look at the answer get to read it all the same: a
// refusal before the body was read must not be lost in a connection that is reset.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { howl } from '../harness/cli.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';

const server = useServer();
const kEvents = '/api/topics/uploads/events';
const kSizes = [1_200_000, 5_000_000, 20_000_000];

/** What a program in Python prints; `URL` and `SIZE` are its arguments. */
async function python(program: string, size: number): Promise<string> {
    const url = `http://127.0.0.1:${server.port}${kEvents}`;
    const { stdout } = await promisify(execFile)('python3', ['-c', program, url, String(size)]);
    return stdout.trim();
}

describe.each(kSizes)('a POST of %d bytes', (size) => {
    test('from Python: http.client', async () => {
        const program = `
import http.client, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
client = http.client.HTTPConnection(url.netloc)
client.request('POST', url.path, b'x' * int(sys.argv[2]))
print(client.getresponse().status)`;
        expect(await python(program, size)).toBe('413');
    });

    test('from Python: urllib', async () => {
        const program = `
import sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(sys.argv[1], b'x' * int(sys.argv[2]))
except urllib.error.HTTPError as error:
    print(error.code, 'body_too_large' in error.read().decode())`;
        expect(await python(program, size)).toBe('413 True');
    });

    test("from Node's fetch", async () => {
        const reply = await fetch(server.url + kEvents, { method: 'POST', body: 'x'.repeat(size) });
        expect(reply.status).toBe(413);
        expect(await reply.json()).toMatchObject({ code: 'body_too_large' });
    });

    test('from howl publish', async () => {
        const { code, err } = await howl(
            ['publish', '--url', server.url, 'uploads', '-'],
            'x'.repeat(size),
        );
        expect(code).toBe(1);
        expect(err).toMatch(/body is over the limit/);
    });
});

const head = `POST ${kEvents} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
test.each([
    ['413 with a length', `${head}Content-Length: 20000000\r\n\r\n`, 413],
    ['413 in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n1312D00\r\n`, 413],
    ['431', `${head}X-Long: `, 431],
    ['414', 'POST /', 414],
    ['417', `${head}Expect: tea\r\nContent-Length: 20000000\r\n\r\n`, 417],
    ['505', `POST / HTTP/2.0\r\n\r\n`, 505],
    [
        '400 for ambiguous framing',
        `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
        400,
    ],
])('the refusal %s is read by a client that sends to its end', async (_, start, status) => {
    const connection = await RawConnection.open(server);
    connection.send(start).send('x'.repeat(20_000_000));
    const sent = new Promise<void>((resolve) => connection.socket.end(() => resolve()));
    expect((await connection.reply()).status).toBe(status);
    await sent;
    await connection.untilEnded();
    expect(connection.ended).toBe('end');
});

/** The one after it. */
test('a refused client is not kept waiting once it has sent everything', async () => {
    const connection = await RawConnection.open(server);
    connection.send(`${head}Content-Length: 1048577\r\n\r\n`);
    expect((await connection.reply()).status).toBe(413);
    await connection.untilEnded('the server closes its side at once', 1_000);
    connection.close();
});
