// SPDX-License-Identifier: Apache-2.0
// `howl check-config` says all for which `howl serve` would not start, and serve says the same.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Howl, howl, type Outcome } from '../harness/cli.ts';
import { howlBinary, withServer } from '../harness/server.ts';
import { request } from '../harness/verbs.ts';

const home = mkdtempSync(join(tmpdir(), 'howl-check-'));
afterAll(() => rmSync(home, { recursive: true }));
const file = join(home, 'howl.toml');
const bare = join(home, 'bare');
mkdirSync(bare);

const listener = (address: string) => `[[listener]]\naddress = "${address}"\ndoors = ["api"]\n`;

function write(text: string): string {
    writeFileSync(file, text);
    return file;
}

const serve = (text: string) =>
    howl(['serve', '--config', write(text), '--data-dir', ':memory:']);

/** The lines of the file that were named, in the order of the naming. */
const linesIn = (err: string) =>
    [...err.matchAll(/howl\.toml:(\d+): /g)].map((found) => Number(found[1]));

const faults: [what: string, text: string, line: number, word: string][] = [
    ['too many shards', '[server]\nshards = 99999999\n', 2, '64'],
    ['a head of no bytes', '[limits]\nhead_bytes = 0\n', 2, '1024'],
    ['no connections', '[limits]\nconnections = 0\n', 2, '1'],
    ['a public address without leave', `\n${listener('0.0.0.0:80')}`, 2, 'allow_remote'],
    ['an address that is none', listener('here'), 1, 'here'],
    ['one address twice', listener('127.0.0.1:1') + listener('127.0.0.1:1'), 4, 'already'],
    ['a missing portal', '[portal]\nfolder = "/nowhere"\n', 2, '/nowhere'],
    ['a folder without a page as portal', `[portal]\nfolder = "${bare}"\n`, 2, 'index.html'],
    ['strangers\' files as portal', '[portal]\nfolder = "/etc"\n', 2, 'index.html'],
    ['an origin with a path', '[server]\nallowed_origins = ["https://a.b/"]\n', 2, "'https://a.b'"],
    ['a host with a port', '[server]\nhosts = ["a.b:80"]\n', 2, 'a.b:80'],
    ['quotes that are none', `[wisdom]\nquotes = "/dev/null"\n`, 2, 'quotes'],
    ['a topic that no rule can match', `[[topics]]\npattern = "${'a'.repeat(256)}"\n`, 1, 'aaa'],
];

describe('a fault of the configuration', () => {
    test.each(faults)('%s is said by check-config and by serve', async (_, text, line, word) => {
        const outcomes: [number, Outcome][] = [
            [1, await howl(['check-config', write(text), '--data-dir', ':memory:'])],
            [2, await serve(text)],
        ];
        for (const [status, { code, err, out }] of outcomes) {
            expect(code).toBe(status);
            expect(linesIn(err)).toEqual([line]);
            expect(err).toContain(word);
            expect(out).toBe('');
        }
    });

    test('is said with all others, in order of line', async () => {
        const text = [
            '[portal]\nfolder = "/nowhere"',
            '[limits]\nconnections = 0\nhead_bytes = 0',
            '[server]\nshards = 99999999\nallowed_origins = ["https://a.b/"]\nhots = []',
            listener('0.0.0.0:80'),
        ].join('\n');
        const { code, err } = await howl(['check-config', write(text)]);
        expect(code).toBe(1);
        expect(linesIn(err)).toEqual([2, 4, 5, 7, 8, 9, 10]);
        expect(linesIn((await serve(text)).err)).toEqual([2, 4, 5, 7, 8, 9, 10]);
    });

    test('of the command line is named by its option', async () => {
        const words = ['check-config', write(''), '--portal-dir', bare, '--data-dir', file];
        const { code, err } = await howl(words);
        expect(code).toBe(1);
        expect(err).toContain(`--portal-dir: ${bare} has no index.html`);
        expect(err).toContain('--data-dir: ');
    });

    test('is none when the line of serve mends it', async () => {
        const text = `${listener('0.0.0.0:0')}[portal]\nfolder = "/nowhere"\n`;
            const pages = mkdtempSync(join(home, 'pages-'));
        writeFileSync(join(pages, 'index.html'), '<!doctype html>');
        const words = ['check-config', write(text), '--allow-remote', '--portal-dir', pages];
        expect(await howl(words)).toMatchObject({ code: 0, err: '' });
    });
});

describe('open files', () => {
    const limited = (limit: number, words: string) =>
        spawnSync('bash', ['-c', `ulimit -n ${limit}; exec ${howlBinary} ${words}`], {
            timeout: 20_000,
        });

    test('that are too few are said by check-config and by serve', () => {
        write('');
        for (const words of [`check-config ${file}`, 'serve --listen 127.0.0.1:0 --data-dir :memory:']) {
            const { status, stderr } = limited(12, words);
            expect([1, 2]).toContain(status);
            expect(stderr.toString()).toContain('ulimit -n');
            expect(stderr.toString().trimEnd().split('\n')).toHaveLength(1);
        }
    });
});

test('a data directory may be called file:x', async () => {
    const words = ['serve', '--listen', '127.0.0.1:0', '--data-dir', 'file:x'];
    const run = new Howl(words, { cwd: home });
    expect(await run.lines.next('the server listens', 15_000)).toContain('listening');
    run.process.kill('SIGTERM');
    expect(await run.exited).toBe(0);
});

test('a portal with a page is served', async () => {
    const pages = mkdtempSync(join(home, 'portal-'));
    writeFileSync(join(pages, 'index.html'), '<!doctype html><title>ours</title>');
    await withServer({ config: `[portal]\nfolder = "${pages}"\n` }, async (server) => {
        expect((await request(server, 'GET', '/')).text).toContain('ours');
    });
});
