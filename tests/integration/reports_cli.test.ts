// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { Howl, howl, type Outcome } from '../harness/cli.ts';
import { kIsoTime, kUuid } from '../harness/cloud.ts';
import { create, createdAs, find, list, move, newUser } from '../harness/reports.ts';
import { useServer } from '../harness/server.ts';
import { metric } from '../harness/verbs.ts';
import { eventually, within } from '../harness/wait.ts';

const server = useServer();

/** `howl reports` with these words. */
const reports = (...words: string[]): Promise<Outcome> =>
    howl(['reports', ...words, '--url', server.url]);

const watchers: Howl[] = [];
afterEach(async () => {
    for (const { process, exited } of watchers.splice(0)) {
        process.kill('SIGKILL');
        await exited;
    }
    await eventually('all have left', async () => (await openStreams()) === 0);
});

const openStreams = (): Promise<number> => metric(server, 'howl_sse_sessions');

/** A `howl reports watch` that the server serves: who moves a report now is heard. */
async function watch(...words: string[]): Promise<Howl> {
    const watcher = new Howl(['reports', 'watch', ...words, '--url', server.url]);
    watchers.push(watcher);
    await eventually('the stream is open', async () => (await openStreams()) === 1);
    return watcher;
}

describe('howl reports create', () => {
    test('makes a report and prints its id alone', async () => {
        const user = newUser();
        const { code, out, err } = await reports('create', user);
        expect([code, err]).toEqual([0, '']);
        expect(out.trimEnd()).toMatch(kUuid);
        expect(await find(server, user, out.trimEnd())).toMatchObject({ status: 'pending' });
    });

    test('finds the same report again by its key', async () => {
        const user = newUser();
        const first = await reports('create', user, '--idempotency-key', 'monday');
        const again = await reports('create', user, '--idempotency-key', 'monday');
        expect(again).toEqual(first);
        expect((await list(server, user)).reports).toHaveLength(1);
    });

    test('prints what the API says with --json', async () => {
        const user = newUser();
        const { out } = await reports('create', user, '--json');
        expect(JSON.parse(out)).toMatchObject({ userId: user, status: 'pending', version: 1 });
    });
});

describe('howl reports list', () => {
    test("shows a user's reports as a table", async () => {
        const user = newUser();
        const [first, second] = [
            await create(server, user),
            await createdAs(server, user, 'completed'),
        ];
        const { code, out } = await reports('list', user);
        expect(code).toBe(0);
        const rows = out
            .trimEnd()
            .split('\n')
            .map((line) => line.split(/ {2,}/));
        expect(rows[0]).toEqual(['ID', 'STATUS', 'ATTEMPT', 'UPDATED', 'ALLOWED']);
        expect(
            rows.slice(1).map(([id, status, attempt, , allowed]) => [id, status, attempt, allowed]),
        ).toEqual([
            [first.id, 'pending', '1', 'queued, canceled'],
            [second.id, 'completed', '1', '-'],
        ]);
        expect(rows[1]?.[3]).toMatch(kIsoTime);
    });

    test('prints what the API says with --json', async () => {
        const user = newUser();
        await create(server, user);
        const { out } = await reports('list', user, '--json');
        expect(JSON.parse(out)).toEqual((await list(server, user)).reports);
    });

    test('shows every page of a long list', async () => {
        const user = newUser();
        const made = new Set<string>();
        for (let batch = 0; batch < 11; ++batch) {
            const some = Array.from({ length: 100 }, () => create(server, user));
            for (const { id } of await Promise.all(some)) {
                made.add(id);
            }
        }
        const { code, out } = await reports('list', user, '--json');
        expect(code).toBe(0);
        const shown = (JSON.parse(out) as { id: string }[]).map(({ id }) => id);
        expect(shown).toHaveLength(1100);
        expect(new Set(shown)).toEqual(made);
    }, 60_000);
});

describe('howl reports set-status', () => {
    test('moves a report and says what is allowed now', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        const { code, out } = await reports('set-status', user, id, 'queued');
        expect([code, out]).toEqual([
            0,
            `${id} is queued, attempt 1; allowed: processing, canceled\n`,
        ]);
        expect((await find(server, user, id))?.status).toBe('queued');
    });

    test.each([
        ['an illegal move', 'completed', /\[illegal_state\]/],
        ['a status that there is not', 'lost', /\[bad_request\]/],
        ['a status that would break the JSON', 'a"b', /\[bad_request\]/],
    ])('fails with a reason on %s', async (_, status, reason) => {
        const user = newUser();
        const { id } = await create(server, user);
        const { code, out, err } = await reports('set-status', user, id, status);
        expect([code, out]).toEqual([1, '']);
        expect(err).toMatch(/^howl reports: /);
        expect(err).toMatch(reason);
    });

    test("fails on a report that there is not, and on another user's", async () => {
        const { id } = await create(server, newUser());
        for (const report of [id, randomUUID()]) {
            const { code, err } = await reports('set-status', newUser(), report, 'queued');
            expect(code).toBe(1);
            expect(err).toMatch(/\[not_found\]/);
        }
    });
});

describe('howl reports watch', () => {
    test('prints a line for each event of this user', async () => {
        const user = newUser();
        const watcher = await watch(user);
        const { id } = await create(server, user);
        await create(server, newUser());
        await move(server, user, id, 'queued');
        const [created, queued] = await watcher.lines.take(2, 'lines');
        expect(created).toMatch(new RegExp(`${id}  pending +attempt 1, by ${user} via api$`));
        expect(queued).toMatch(new RegExp(`${id}  queued +attempt 1, by ${user} via api$`));
    });

    test('prints what the API says with --json, and ends after --count', async () => {
        const user = newUser();
        const watcher = await watch(user, '--json', '--count', '1');
        const { id } = await create(server, user);
        const event = JSON.parse(await watcher.lines.next('the event'));
        expect(event).toMatchObject({ id, status: 'pending', move: { via: 'api' } });
        expect(await within(watcher.exited, 'it ends')).toBe(0);
    });

    test('goes on after the server was killed, and misses nothing', async () => {
        const user = newUser();
        const watcher = await watch(user);
        const { id } = await create(server, user);
        await watcher.lines.next('the first line');
        await server.restart('SIGKILL');
        await move(server, user, id, 'queued');
        await move(server, user, id, 'processing');
        const [queued, processing] = await watcher.lines.take(2, 'lines after the return', 20_000);
        expect(queued).toContain('queued');
        expect(processing).toContain('processing');
    }, 40_000);
});

describe('howl reports', () => {
    test.each([
        ['no verb', []],
        ['no user', ['list']],
        ['no status', ['set-status', newUser(), randomUUID()]],
        ['an unknown verb', ['remove', newUser()]],
        ['a server that is none', ['list', newUser(), '--url', 'ftp://x']],
    ])('with %s is wrong use', async (_, words) => {
        const { code, err } = await howl(['reports', ...words]);
        expect(code).toBe(2);
        expect(err).not.toBe('');
    });

    test('fails with a reason for what is no user, and where nobody serves', async () => {
        const bad = await reports('list', 'anna');
        expect([bad.code, bad.err]).toEqual([1, expect.stringContaining('[invalid_query]')]);
        const alone = await howl(['reports', 'list', newUser(), '--url', 'http://127.0.0.1:1']);
        expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('connect')]);
    });
});
