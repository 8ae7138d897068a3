// SPDX-License-Identifier: Apache-2.0
// What looks like a file and is none: one line that names it and the reason, and no start without
// what was asked for. A container's missing bind mount, for instance, becomes a directory.

import { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { howl, howlWith, type Outcome } from '../harness/cli.ts';

const home = mkdtempSync(join(tmpdir(), 'howl-files-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Can be opened; to read from it fails. */
const kFailsHalfway = '/proc/self/mem';
const folder = join(home, 'folder');
mkdirSync(folder);

function configuration(text: string): string {
    const file = join(home, 'howl.toml');
    writeFileSync(file, text);
    return file;
}

function serve(...words: string[]): Promise<Outcome> {
    return howl(['serve', '--listen', '127.0.0.1:0', '--data-dir', ':memory:', ...words]);
}

function expectRefusal({ code, err, out }: Outcome, path: string, reason: string): void {
    expect([1, 2]).toContain(code);
    expect(err).toContain(path);
    expect(err).toContain(reason);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
}

const unreadable: [path: string, reason: string][] = [
    [folder, 'Is a directory'],
    [kFailsHalfway, 'Input/output error'],
    [join(home, 'nowhere'), 'No such file or directory'],
    ['/dev/zero', 'more than'],
];

describe.each(unreadable)('%s is no file to read (%s)', (path, reason) => {
    test('by check-config', async () => {
        expectRefusal(await howl(['check-config', path]), path, reason);
    });

    test('by serve --config', async () => {
        expectRefusal(await serve('--config', path), path, reason);
    });

    test('by store init --config', async () => {
        expectRefusal(await howl(['store', 'init', '--config', path]), path, reason);
    });

    test.each([
        ['wisdom.quotes', `[wisdom]\nquotes = "${path}"\n`],
        [
            'dynamodb.credentials_file',
            `[reports]\nstore = "dynamodb"\n[dynamodb]\nendpoint = "http://127.0.0.1:1"\n` +
                `credentials_file = "${path}"\n`,
        ],
        [
            'kafka.properties_file',
            `[kafka]\nbrokers = "127.0.0.1:1"\nproperties_file = "${path}"\n`,
        ],
    ])('by serve as %s', async (_, text) => {
        expectRefusal(await serve('--config', configuration(text)), path, reason);
    });
});

test('a file of the portal that cannot be read is named', async () => {
    const pages = join(home, 'pages');
    mkdirSync(pages);
    writeFileSync(join(pages, 'index.html'), '<!doctype html>');
    writeFileSync(join(pages, 'app.js'), 'x');
    chmodSync(join(pages, 'app.js'), 0);
    const isRoot = process.getuid?.() === 0; // Who may read everything.
    if (!isRoot) {
        expectRefusal(await serve('--portal-dir', pages), 'app.js', 'Permission denied');
    }
    expectRefusal(await serve('--portal-dir', configuration('')), 'howl.toml', 'Not a directory');
});

test.each(['--config', '--data-dir', '--portal-dir', '--listen'])(
    'serve %s with an empty value is refused, not taken for absent',
    async (flag) => {
        const { code, err } = await howl(['serve', '--data-dir', ':memory:', flag, '']);
        expect(code).toBe(2);
        expect(err).toContain(flag);
    },
);

test('publish does not take a directory for an empty event', async () => {
    const outcome = await howlWith({ stdin: openSync(folder, 'r') }, ['publish', 'news', '-']);
    expectRefusal(outcome, 'standard input', 'Is a directory');
});
