// SPDX-License-Identifier: Apache-2.0
// The commands that read: subscribe, history, topics, presence and stats, in a pipe and on a
// terminal.

import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Howl, howl } from '../harness/cli.ts';
import { howlBinary, useServer, withServer } from '../harness/server.ts';
import { longHistory } from '../harness/settings.ts';
import { publish, sseAt } from '../harness/verbs.ts';
import { eventually, within } from '../harness/wait.ts';

const server = useServer({ config: longHistory });
const here = () => ['--url', server.url];

async function publishAll(topic: string, ...texts: string[]): Promise<void> {
    for (const text of texts) {
        await publish(server, topic, text);
    }
}

/** On a terminal that `script` makes; all that it showed. */
async function onTerminal(words: string[]): Promise<string> {
    const line = [howlBinary, ...words].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qfec', line, '/dev/null']);
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const exited = new Promise((resolve) => child.on('close', resolve));
    await within(exited, `${line} ends`).finally(() => child.kill('SIGKILL'));
    return shown.replaceAll('\r\n', '\n');
}

const column = (text: string, at: number) =>
    text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ')[at]);

describe('control characters', () => {
    const evil = 'a\u001b[2J\u009b1mb\rc';

    test('are escaped on a terminal', async () => {
        await publish(server, 'read/evil', evil);
        for (const verb of [['history'], ['subscribe', '--since', 'beginning', '--count', '1']]) {
            const shown = await onTerminal([...verb, ...here(), 'read/evil']);
            expect(shown).toContain('a\\x1B[2J\\x9B1mb\\x0Dc');
            expect(shown).not.toContain('\u001b');
        }
    });

    test('are as they are with --raw and in a pipe', async () => {
        await publish(server, 'read/raw', evil);
        expect(await onTerminal(['history', '--raw', ...here(), 'read/raw'])).toContain(evil);
        expect((await howl(['history', ...here(), 'read/raw'])).out).toContain(evil);
    });

    test('of a server are escaped in what commands complain of', async () => {
        const words = ['history', ...here(), 'no topic\u001b[2J'];
        expect(await onTerminal(words)).not.toContain('\u001b');
    });
});

test('data of several lines is one event to whoever reads the lines', async () => {
    await publishAll('read/lines', 'one\n2026-01-01T00:00:00.000Z  bank  forged\n', 'two');
    const { out } = await howl(['history', ...here(), 'read/lines']);
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith(' '))).toHaveLength(2);
    expect(out).toContain('\n    2026-01-01T00:00:00.000Z  bank  forged\n    \n');
});

describe('howl history', () => {
    test('prints the newest, or what stands behind a place, and ends', async () => {
        await publishAll('read/history', 'a', 'b', 'c');
        const all = await howl(['history', ...here(), 'read/history']);
        expect([all.code, all.err]).toEqual([0, '']);
        expect(column(all.out, 2)).toEqual(['a', 'b', 'c']);
        const newest = await howl(['history', ...here(), '--limit', '2', 'read/history']);
        expect(column(newest.out, 2)).toEqual(['b', 'c']);
        const behind = await howl(['history', ...here(), '--after', '1', '--limit', '1', 'read/history']);
        expect(column(behind.out, 2)).toEqual(['b']);
    });

    test('prints envelopes with --json, as subscribe does', async () => {
        await publish(server, 'read/json', 'x\ny', { type: 'note' });
        const words = [...here(), '--json', 'read/json'];
        const { out } = await howl(['history', ...words]);
        expect(JSON.parse(out)).toMatchObject({ topic: 'read/json', offset: 1, type: 'note' });
        const live = await howl(['subscribe', '--since', 'beginning', '--count', '1', ...words]);
        expect(JSON.parse(live.out)).toEqual(JSON.parse(out));
    });

    test('of a topic without events is empty', async () => {
        expect(await howl(['history', ...here(), 'read/nothing'])).toMatchObject({ code: 0, out: '' });
    });

    test('reads more than one page', async () => {
        const texts = Array.from({ length: 1100 }, (_, n) => `event ${n + 1}`);
        for (let at = 0; at < texts.length; at += 50) {
            await publishAll('archive/pages', ...texts.slice(at, at + 50));
        }
        const { out } = await howl(['history', ...here(), '--limit', '0', 'archive/pages']);
        expect(column(out, 2)).toEqual(texts);
    }, 60_000);
});

describe('--since', () => {
    /** The time of an event, as the server stamped it. */
    async function timeOf(topic: string, at: number): Promise<string> {
        const { out } = await howl(['history', ...here(), '--json', topic]);
        return JSON.parse(out.split('\n')[at] as string).time as string;
    }

    /** Each in a millisecond of its own: an event is not stored later than its publish is answered. */
    async function publishApart(topic: string, ...texts: string[]): Promise<void> {
        const now = (): string => new Date().toISOString();
        for (const text of texts) {
            await publish(server, topic, text);
            const answered = now();
            await eventually('the clock shows another millisecond', async () => now() > answered);
        }
    }

    test('begins with the first event of that moment', async () => {
        await publishApart('read/since', 'a', 'b', 'c', 'd', 'e');
        for (const [at, texts] of [
            [0, ['a', 'b', 'c', 'd', 'e']],
            [2, ['c', 'd', 'e']],
            [4, ['e']],
        ] as const) {
            const moment = await timeOf('read/since', at);
            const { out } = await howl(['history', ...here(), '--since', moment, 'read/since']);
            expect(column(out, 2)).toEqual(texts);
        }
        const later = ['history', ...here(), '--since', '2999-01-01', 'read/since'];
        expect((await howl(later)).out).toBe('');
    });

    test('goes on with what comes, and shows nothing twice', async () => {
        await publishAll('read/on', 'a', 'b');
        await publishAll('read/on/too', 'A');
        const run = new Howl(['subscribe', ...here(), '--since', '1h', 'read/on', 'read/on/too']);
        await eventually('howl subscribe has shown the past', async () => run.out.includes('  A\n'));
        await publishAll('read/on', 'c', 'd');
        await publishAll('read/on/too', 'B');
        await eventually('howl subscribe shows the rest', async () => run.out.includes('  B\n'));
        run.process.kill('SIGTERM');
        await run.exited;
        expect(column(run.out, 2)).toEqual(['a', 'b', 'A', 'c', 'd', 'B']);
    });

    test('refuses what is no time', async () => {
        const { code, err } = await howl(['subscribe', ...here(), '--since', 'yesterday', 'a']);
        expect(code).toBe(2);
        expect(err).toContain('yesterday');
    });
});

describe('howl topics', () => {
    test('lists names with lane and last offset, in byte order', async () => {
        await publishAll('listed/b', 'x', 'y');
        await publishAll('listed/a', 'x');
        const { code, out, err } = await howl(['topics', ...here(), '--prefix', 'listed/']);
        expect([code, err]).toEqual([0, '']);
        expect(out).toMatch(/^listed\/a +durable +1\nlisted\/b +durable +2\n$/);
    });

    test('prints one JSON object for each with --json', async () => {
        await publish(server, 'listed-json/a', 'x');
        const { out } = await howl(['topics', ...here(), '--json', '--prefix', 'listed-json/']);
        expect(JSON.parse(out)).toEqual({ topic: 'listed-json/a', lane: 'durable', lastOffset: 1 });
    });

    test('lists a part and says so, or page by page all of them', async () => {
        const names = Array.from({ length: 1010 }, (_, n) => `many/${String(n).padStart(4, '0')}`);
        for (let at = 0; at < names.length; at += 50) {
            await Promise.all(names.slice(at, at + 50).map((name) => publish(server, name, 'x')));
        }
        const words = ['topics', ...here(), '--prefix', 'many/'];
        const some = await howl([...words, '--limit', '2', '--after', 'many/0003']);
        expect(column(some.out, 0).slice(0, 2)).toEqual(['many/0004', 'many/0005']);
        expect(some.out).toMatch(/\nand more: --limit 0 shows all\n$/);
        const all = await howl([...words, '--limit', '0']);
        expect(column(all.out, 0)).toEqual(names);
    }, 60_000);

    test('says which setting ended the listing', async () => {
        await withServer({ config: '[server]\nlist_topics = false\n' }, async (closed) => {
            const { code, out, err } = await howl(['topics', '--url', closed.url]);
            expect([code, out]).toEqual([1, '']);
            expect(err).toContain('server.list_topics');
            expect(err).toContain('topics_not_listed');
        });
    });
});

test('howl presence names who is there', async () => {
    const stream = await sseAt(server, '/api/topics/read/here/events?as=Akela');
    await eventually('Akela is seen', async () => {
        const { out } = await howl(['presence', ...here(), 'read/here']);
        return /^Akela +1 session\n$/.test(out);
    });
    const { out } = await howl(['presence', ...here(), '--json', 'read/here']);
    expect(JSON.parse(out)).toMatchObject({ count: 1, members: [{ name: 'Akela', sessions: 1 }] });
    stream.close();
});

test('howl stats prints the figures', async () => {
    const { code, out } = await howl(['stats', ...here()]);
    expect(code).toBe(0);
    expect(out).toMatch(/^connections +\d+$/m);
    expect(JSON.parse((await howl(['stats', '--json', ...here()])).out)).toHaveProperty('uptimeSeconds');
});
