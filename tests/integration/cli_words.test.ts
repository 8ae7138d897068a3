// SPDX-License-Identifier: Apache-2.0
// What helps a person at the keyboard: help, suggestions, completions and manual pages, all made
// from the same table of commands.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { howl } from '../harness/cli.ts';

const home = mkdtempSync(join(tmpdir(), 'howl-words-'));
afterAll(() => rmSync(home, { recursive: true }));

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

/** Every command, as its words, told by the help that knows them all. */
async function allCommands(path: string[] = []): Promise<string[][]> {
    const { out } = await howl(['help', ...path]);
    const listed = out.split(/^(?:Subcommands|First steps):$/m)[1] ?? '';
    const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map((found) => found[1] as string);
    const below = await Promise.all(names.map((name) => allCommands([...path, name])));
    return [...(path.length > 0 ? [path] : []), ...below.flat()];
}

const commands = await allCommands();

describe('howl help', () => {
    test('knows the commands and those below them', () => {
        const paths = commands.map((words) => words.join(' '));
        for (const path of ['serve', 'subscribe', 'history', 'store init', 'reports watch', 'man']) {
            expect(paths).toContain(path);
        }
    });

    test('says the same as --help', async () => {
        expect((await howl(['help', 'store', 'init'])).out).toBe(
            (await howl(['store', 'init', '--help'])).out,
        );
        expect((await howl(['help'])).out).toBe((await howl(['--help'])).out);
    });

    test('of no command is an error', async () => {
        const { code, err } = await howl(['help', 'publsh']);
        expect(code).toBe(2);
        expect(err).toContain("did you mean 'publish'?");
        expect((await howl(['help', 'publish', 'publish'])).code).toBe(2);
    });
});

test('howl version says what --version says', async () => {
    const { code, out } = await howl(['version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^howl \d+\.\d+\.\d+\n$/);
    expect((await howl(['--version'])).out).toBe(out);
});

describe('a mistyped word', () => {
    test.each([
        [['publsh', 'news', 'x'], "'howl' has no command 'publsh'; did you mean 'publish'?"],
        [['subsribe'], "did you mean 'subscribe'?"],
        [['chekc-config'], "did you mean 'check-config'?"],
        [['store', 'intit'], "'howl store' has no command 'intit'; did you mean 'init'?"],
        [['reports', 'lst', 'u'], "did you mean 'list'?"],
        [['serve', '--lisen', 'x'], "'howl serve' has no option '--lisen'; did you mean '--listen'?"],
        [['publish', '--ulr=x', 'a', 'b'], "did you mean '--url'?"],
        [['serve', 'now'], "'howl serve' takes no 'now'"],
        [['xyzzy'], "'howl' has no command 'xyzzy'"],
    ])('howl %j', async (words, sentence) => {
        const { code, err, out } = await howl(words);
        expect(code).toBe(2);
        expect(err).toContain(sentence);
        expect(out).toBe('');
    });

    test('that is like nothing is suggested nothing', async () => {
        expect((await howl(['xyzzy'])).err).not.toContain('did you mean');
    });
});

/** What bash would offer for the last of `words`. */
async function offeredByBash(...words: string[]): Promise<string[]> {
    const script = `${(await howl(['completions', 'bash'])).out}
COMP_WORDS=(howl "$@"); COMP_CWORD=$#; _howl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words]);
    expect(stderr.toString()).toBe('');
    return stdout.toString().split('\n').filter(Boolean);
}

describe('completions', () => {
    test('of bash: commands, those below them, options and choices', async () => {
        expect(await offeredByBash('publ')).toEqual(['publish']);
        expect(await offeredByBash('store', '')).toContain('init');
        expect(await offeredByBash('serve', '--compat-')).toEqual(['--compat-3000']);
        expect(await offeredByBash('serve', '--log-format', '')).toEqual(['text', 'json']);
        expect(await offeredByBash('serve', '--config', '')).toEqual([]);
        expect(await offeredByBash('completions', 'z')).toEqual(['zsh']);
        expect(await offeredByBash('serve', '--allow-remote', '--sha')).toEqual(['--shards']);
    });

    test('name every command and all its options in every shell', async () => {
        for (const shell of ['bash', 'zsh', 'fish']) {
            const { out } = await howl(['completions', shell]);
            for (const words of commands) {
                expect(out).toContain(`'howl ${words.join(' ')}'`);
                const { out: help } = await howl(['help', ...words]);
                for (const [, option] of help.matchAll(/^ {2}(?:-[a-z],)?--([a-z0-9-]+)/gm)) {
                    expect(out).toMatch(new RegExp(`(--|-l )${option}\\b`));
                }
            }
        }
    }, 60_000);

    test.each(['bash', 'zsh', 'fish'])('for %s are a script that %s can read', async (shell) => {
        const { code, out } = await howl(['completions', shell]);
        expect(code).toBe(0);
        if (has(shell)) {
            const file = join(home, shell);
            writeFileSync(file, out);
            expect(spawnSync(shell, ['-n', file]).status).toBe(0);
        }
    });

    test('for another shell are refused', async () => {
        const { code, err } = await howl(['completions', 'csh']);
        expect(code).toBe(2);
        expect(err).toContain('csh');
    });
});

describe('howl man', () => {
    test('is one page with every command, or one for a command', async () => {
        const { out } = await howl(['man']);
        expect(out).toMatch(/^\.TH HOWL 1 /);
        for (const words of commands) {
            expect(out).toContain(`.SS howl ${words.join(' ').replaceAll('-', '\\-')}\n`);
        }
        const page = (await howl(['man', 'store', 'init'])).out;
        expect(page).toMatch(/^\.TH HOWL\\-STORE\\-INIT 1 /);
        expect(page).toContain('\\-\\-config');
    });

    test.skipIf(!has('groff'))('is roff without a fault', async () => {
        const words = [[], ...commands];
        const pages = await Promise.all(words.map((path) => howl(['man', ...path])));
        for (const { out } of pages) {
            const { status, stderr } = spawnSync('groff', ['-man', '-Tascii', '-ww', '-z'], {
                input: out,
            });
            expect([status, stderr.toString()]).toEqual([0, '']);
        }
    });
});
