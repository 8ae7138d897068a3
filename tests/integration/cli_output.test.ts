// SPDX-License-Identifier: Apache-2.0
// Output that can't be written ends a command with a line on standard error and a status: a disk
// is full, a descriptor is closed. And a server that can't be spoken to is named.

import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Howl, howl, howlWith } from '../harness/cli.ts';
import { howlBinary, useServer } from '../harness/server.ts';
import { publish } from '../harness/verbs.ts';
import { eventually, within } from '../harness/wait.ts';

const server = useServer();
const user = '00000000-0000-4000-8000-000000000000';
const full = () => openSync('/dev/full', 'w');
const here = () => ['--url', server.url];
const serveWords = ['serve', '--listen', '127.0.0.1:0', '--data-dir', ':memory:'];

/** By a shell, which can close a descriptor. */
async function inShell(line: string): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn('bash', ['-c', `exec ${howlBinary} ${line}`]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
    const code = await within(exited, `howl ${line} ends`).finally(() => child.kill('SIGKILL'));
    return { code, out, err };
}

describe('a full disk', () => {
    const commands: [string, () => string[]][] = [
        ['--help', () => ['--help']],
        ['--version', () => ['--version']],
        ['help', () => ['help', 'serve']],
        ['version', () => ['version']],
        ['man', () => ['man']],
        ['completions', () => ['completions', 'bash']],
        ['check-config --example', () => ['check-config', '--example']],
        ['check-config FILE', () => ['check-config', '/dev/null']],
        ['publish', () => ['publish', ...here(), 'full/publish', 'x']],
        ['history', () => ['history', ...here(), 'full/publish']],
        ['topics', () => ['topics', ...here()]],
        ['stats', () => ['stats', ...here()]],
        ['reports list', () => ['reports', 'list', ...here(), user]],
        ['store init', () => ['store', 'init']],
        ['bench --help', () => ['bench', '--help']],
        ['serve', () => serveWords],
    ];

    test.each(commands)('under the output of %s', async (_, words) => {
        const { code, err } = await howlWith({ stdout: full() }, words());
        expect(code).toBe(1);
        expect(err).toMatch(/standard output.*No space left on device/);
    });

    test('ends howl subscribe with the first event that is lost', async () => {
        const run = new Howl(['subscribe', ...here(), 'full/subscribe'], { stdout: full() });
        await eventually('howl subscribe has ended', async () => {
            await publish(server, 'full/subscribe', 'x');
            return run.process.exitCode !== null;
        });
        expect(await run.exited).toBe(1);
        expect(run.err).toMatch(/standard output.*No space left on device/);
    });

    test('under the log keeps a server from starting', async () => {
        const { code, out } = await howlWith({ stderr: full() }, serveWords);
        expect(code).toBe(1);
        expect(out).toContain('standard error');
    });
});

describe('a closed descriptor', () => {
    test('2 keeps a server from starting', async () => {
        const { code, out } = await inShell(`${serveWords.join(' ')} 2>&-`);
        expect(code).toBe(1);
        expect(out).toContain('standard error');
        expect(out).not.toContain('listening');
    });

    test('1 keeps a server from starting', async () => {
        const { code, err } = await inShell(`${serveWords.join(' ')} >&-`);
        expect(code).toBe(1);
        expect(err).toContain('standard output');
    });

    test('1 is an error of every other command', async () => {
        const { code, err } = await inShell('check-config --example >&-');
        expect(code).toBe(1);
        expect(err).toContain('standard output');
    });

    test('2 does not keep a command from its work, nor from its status', async () => {
        expect((await inShell(`publish --url ${server.url} closed/2 x 2>&-`)).code).toBe(0);
        expect((await inShell('publish --url http://127.0.0.1:1 closed/2 x 2>&-')).code).toBe(1);
        expect((await inShell('nonsense 2>&-')).code).toBe(2);
    });
});

describe('the server of a command', () => {
    const verbs: [string, string[]][] = [
        ['publish', ['publish', 'a', 'x']],
        ['subscribe', ['subscribe', '--once', 'a']],
        ['history', ['history', 'a']],
        ['topics', ['topics']],
        ['presence', ['presence', 'a']],
        ['stats', ['stats']],
        ['reports list', ['reports', 'list', user]],
        ['reports watch', ['reports', 'watch', user]],
    ];
    const verbsThatEnd = verbs.filter(([name]) => name !== 'reports watch');

    test.each(verbs)('is refused by %s where its URL has a path', async (_, words) => {
        const { code, err } = await howl([...words, '--url', `${server.url}/prefix`]);
        expect(code).toBe(2);
        expect(err).toContain(`${server.url}/prefix`);
        expect(err).toContain('path');
    });

    test.each(verbsThatEnd)('is named by %s when it does not answer', async (_, words) => {
        const { code, err } = await howl([...words, '--url', 'http://127.0.0.1:1']);
        expect(code).toBe(1);
        expect(err).toContain('cannot connect to http://127.0.0.1:1: Connection refused');
    });

    test.each(verbsThatEnd)('of %s may stand in HOWL_URL', async (_, words) => {
        const env = { HOWL_URL: 'http://127.0.0.1:2' };
        expect((await howlWith({ env }, words)).err).toContain('127.0.0.1:2');
        const overridden = [...words, '--url', 'http://127.0.0.1:1'];
        expect((await howlWith({ env }, overridden)).err).toContain('127.0.0.1:1');
    });

    test.each(['https://127.0.0.1', 'http://127.0.0.1:x', 'http://', 'http://127.0.0.1/?a=b'])(
        'is refused when it is %s',
        async (url) => {
            const { code, err } = await howl(['publish', '--url', url, 'a', 'x']);
            expect(code).toBe(2);
            expect(err).toContain(`'${url}'`);
        },
    );

    test('does not hear of an event that is refused so', async () => {
        await howl(['publish', '--url', `${server.url}/prefix`, 'refused/path', 'x']);
        const { out } = await howl(['history', ...here(), 'refused/path']);
        expect(out).toBe('');
    });
});
