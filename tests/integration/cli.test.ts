// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Howl, howl, type Outcome } from '../harness/cli.ts';
import { useServer, withServer } from '../harness/server.ts';
import { history, publish, publishWhateverHappens, request } from '../harness/verbs.ts';
import { eventually, within } from '../harness/wait.ts';

const server = useServer();
const home = mkdtempSync(join(tmpdir(), 'howl-cli-'));
afterAll(() => rmSync(home, { recursive: true }));

const here = () => ['--url', server.url];

describe('howl publish', () => {
    test('publishes its argument', async () => {
        const { code, err } = await howl(['publish', ...here(), 'cli/argument', 'Волк 🐺']);
        expect([code, err]).toEqual([0, '']);
        expect((await history(server, 'cli/argument')).events).toMatchObject([{ data: 'Волк 🐺' }]);
    });

    test('publishes its standard input when asked with -', async () => {
        expect((await howl(['publish', ...here(), 'cli/input', '-'], 'two\nlines\n')).code).toBe(0);
        expect(String((await history(server, 'cli/input')).events[0]?.data)).toMatch(
            /^two\nlines\n?$/,
        );
    });

    test('says where the event is', async () => {
        const { out } = await howl(['publish', ...here(), 'cli/receipt', 'x']);
        expect(out).toMatch(/1/);
    });

    test('fails with a reason when the topic is invalid', async () => {
        const { code, err } = await howl(['publish', ...here(), 'a'.repeat(256), 'x']);
        expect(code).not.toBe(0);
        expect(err).toMatch(/topic/i);
    });

    test('fails with a reason when nobody serves', async () => {
        const { code, err } = await howl([
            'publish',
            '--url',
            'http://127.0.0.1:1',
            'cli/nobody',
            'x',
        ]);
        expect(code).not.toBe(0);
        expect(err).not.toBe('');
    });
});

/** A `howl subscribe` that is connected: it has heard an event that was published for it. */
async function subscriber(topics: string[], ...flags: string[]): Promise<Howl> {
    const run = new Howl(['subscribe', ...here(), ...flags, ...topics]);
    await eventually('howl subscribe hears something', async () => {
        await publish(server, topics[0] as string, 'hello');
        return run.out.includes('hello');
    });
    return run;
}

/** Lines that are not the greeting. */
async function nextLine(run: Howl, what: string): Promise<string> {
    for (;;) {
        const line = await run.lines.next(what, 15_000);
        if (!line.includes('hello')) {
            return line;
        }
    }
}

describe('howl subscribe', () => {
    test('prints what is published', async () => {
        const run = await subscriber(['cli/printed']);
        await publish(server, 'cli/printed', 'something new');
        expect(await nextLine(run, 'the event')).toContain('something new');
        run.process.kill('SIGINT');
        await within(run.exited, 'Ctrl-C ends howl subscribe');
    });

    test('prints one JSON object for each event with --json', async () => {
        const run = await subscriber(['cli/json', 'cli/json/b'], '--json');
        await publish(server, 'cli/json/b', 'line one\nline "two"', { type: 'note' });
        const event = JSON.parse(await nextLine(run, 'the event'));
        expect(event).toMatchObject({ type: 'note', data: 'line one\nline "two"' });
        run.process.kill('SIGTERM');
        await run.exited;
    });

    test('resumes over a restart and misses nothing', async () => {
        const run = await subscriber(['cli/resumed'], '--json');
        let restarted = Promise.resolve();
        for (let n = 1; n <= 100; n += 1) {
            if (n === 50) {
                restarted = server.restart('SIGKILL');
            }
            await publishWhateverHappens(server, 'cli/resumed', `event ${n}`, `key-${n}`);
        }
        await restarted;
        for (let n = 1; n <= 100; n += 1) {
            expect(JSON.parse(await nextLine(run, `event ${n}`)).data).toBe(`event ${n}`);
        }
        run.process.kill('SIGTERM');
        await run.exited;
    }, 40_000);
});

describe('howl serve --portal-dir', () => {
    test('serves the pages of that folder, whatever the configuration says', async () => {
        const folder = mkdtempSync(join(home, 'pages-'));
        writeFileSync(join(folder, 'index.html'), '<!doctype html><title>ours</title>');
        const options = { args: ['--portal-dir', folder], config: '[portal]\nfolder = "/nowhere"\n' };
        await withServer(options, async (ours) => {
            const page = await request(ours, 'GET', '/');
            expect(page.status).toBe(200);
            expect(page.text).toBe('<!doctype html><title>ours</title>');
        });
    });

    test('refuses to start when there is no such folder', async () => {
        const words = ['serve', '--listen', '127.0.0.1:0', '--data-dir', ':memory:'];
        const { code, err } = await howl([...words, '--portal-dir', join(home, 'nowhere')]);
        expect(code).toBe(2);
        expect(err).toContain('nowhere');
    });
});

describe('howl check-config', () => {
    async function check(text: string): Promise<Outcome> {
        const file = join(home, 'checked.toml');
        writeFileSync(file, text);
        return howl(['check-config', file]);
    }

    test('accepts the example, every setting of which is explained', async () => {
        const example = fileURLToPath(new URL('../../howl.example.toml', import.meta.url));
        expect((await howl(['check-config', example])).code).toBe(0);
        expect(readFileSync(example, 'utf8')).toMatch(/^#/m);
    });

    test('accepts an empty file', async () => {
        expect((await check('')).code).toBe(0);
    });

    test.each([
        ['an unknown key', '[sse]\nheartbeat = "15s"\nheartbeet = "15s"\n', 3, 'heartbeet'],
        ['an unknown table', '[sse]\nheartbeat = "15s"\n\n[sess]\nx = 1\n', 4, 'sess'],
        ['a value of the wrong kind', '[sse]\nheartbeat = 15.5\n', 2, 'duration'],
        ['a duration that is none', '[sse]\n\nheartbeat = "soon"\n', 3, 'duration'],
        ['a negative duration', '[sse]\nheartbeat = "-1s"\n', 2, 'duration'],
        ['text that is not TOML', '[sse]\nheartbeat = \n', 2, ''],
        ['a key written twice', '[sse]\nheartbeat = "1s"\nheartbeat = "2s"\n', 3, ''],
    ])('names the line of %s', async (_, text, line, word) => {
        const { code, err } = await check(text);
        expect(code).not.toBe(0);
        expect(err).toContain(word);
        expect(err).toMatch(new RegExp(`(line ${line}|:${line}[: ])`));
    });

    test('fails on a file that is not there', async () => {
        expect((await howl(['check-config', join(home, 'none.toml')])).code).not.toBe(0);
    });
});

describe('howl serve', () => {
    test('refuses to start on a bad configuration, and says which line', async () => {
        const file = join(home, 'bad.toml');
        writeFileSync(file, 'nonsense = 1\n');
        const { code, err } = await howl(['serve', '--config', file, '--listen', '127.0.0.1:0']);
        expect(code).not.toBe(0);
        expect(err).toMatch(/nonsense/);
    });

    test('refuses to listen beyond loopback without being told that this is meant', async () => {
        const { code, err } = await howl([
            'serve',
            '--listen',
            '0.0.0.0:0',
            '--data-dir',
            join(home, 'data'),
        ]);
        expect(code).not.toBe(0);
        expect(err).toMatch(/--allow-remote/);
    });

    test('refuses a port that is taken', async () => {
        const { code, err } = await howl([
            'serve',
            '--listen',
            `127.0.0.1:${server.port}`,
            '--data-dir',
            join(home, 'taken'),
        ]);
        expect(code).not.toBe(0);
        expect(err).toContain(String(server.port));
    });

    test('refuses a data directory that another server uses', async () => {
        const { code } = await howl([
            'serve',
            '--listen',
            '127.0.0.1:0',
            '--data-dir',
            server.dataDir,
        ]);
        expect(code).not.toBe(0);
    });
});

const commands = [
    'serve',
    'publish',
    'subscribe',
    'history',
    'topics',
    'presence',
    'stats',
    'reports',
    'store',
    'bench',
    'check-config',
    'help',
    'man',
    'completions',
];

describe('--help', () => {
    test.each([[], ...commands.map((command) => [command])])('howl %s', async (...words) => {
        const { code, out } = await howl([...words, '--help']);
        expect(code).toBe(0);
        expect(out).toMatch(/usage/i);
        expect(out.length).toBeGreaterThan(100);
    });

    test('names every command', async () => {
        const { out } = await howl(['--help']);
        for (const command of commands) {
            expect(out).toContain(command);
        }
    });

    test('serve names every flag of its interface', async () => {
        const { out } = await howl(['serve', '--help']);
        for (const flag of [
            '--config',
            '--listen',
            '--data-dir',
            '--shards',
            '--compat',
            '--log-format',
        ]) {
            expect(out).toContain(flag);
        }
    });

    test.each([['nonsense'], ['serve', '--nonsense'], ['publish']])(
        'howl %s is an error',
        async (...words) => {
            const { code, err, out } = await howl(words);
            expect(code).not.toBe(0);
            expect(err + out).not.toBe('');
        },
    );
});
