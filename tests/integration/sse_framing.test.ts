// SPDX-License-Identifier: Apache-2.0
// Event streams through HTTP libraries that hand out a body in pieces: each event arrives when it was published.

import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { publish } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer();
const reader = fileURLToPath(new URL('../harness/sse_lines.py', import.meta.url));

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;
const libraries = ['http.client', 'http.client-1.0', ...(hasRequests ? ['requests'] : [])];

test.each(libraries)("Python's %s gets each event when it was published", async (library) => {
    const topic = `framing/${library}`;
    const url = `${server.url}/api/topics/${topic}/events`;
    const python = spawn('python3', [reader, library, url]);
    let seen = '';
    let complaints = '';
    python.stdout.on('data', (text: Buffer) => (seen += text.toString()));
    python.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
    try {
        await eventually('it has joined', () => seen.startsWith('id: '));
        for (const data of ['one', 'two', 'three']) {
            await publish(server, topic, data);
            await eventually(`${data} has come`, () => seen.includes(`data: ${data}\n`));
        }
        expect(complaints).toBe('');
    } finally {
        python.kill();
    }
});

test('a stream is chunked in HTTP/1.1, one event in each chunk, and not in HTTP/1.0', async () => {
    for (const version of ['1.1', '1.0']) {
        const topic = `framing/raw/${version}`;
        const connection = await RawConnection.open(server);
        connection.send(`GET /api/topics/${topic}/events HTTP/${version}\r\nHost: localhost\r\n\r\n`);
        await connection.untilReceived('\n\n');
        await publish(server, topic, 'x');
        await connection.untilReceived('data: x\n\n');
        if (version === '1.1') {
            await connection.untilReceived('data: x\n\n\r\n');
            const [, size, event] =
                /\r\n([0-9a-f]+)\r\n(id: [^\n]+\ndata: x\n\n)\r\n$/.exec(connection.received) ?? [];
            expect(parseInt(size ?? '', 16)).toBe(event?.length);
            expect(connection.received).toMatch(/^transfer-encoding: chunked\r$/im);
        } else {
            expect(connection.received).not.toMatch(/^transfer-encoding/im);
            expect(connection.received).toMatch(/\n\nid: [^\n]+\ndata: x\n\n$/);
        }
        connection.close();
    }
});
