// SPDX-License-Identifier: Apache-2.0
// A record that can't be read hides no other, and howl store check finds it and takes it away.
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { howl, howlWith } from '../harness/cli.ts';
import { type Server, withServer } from '../harness/server.ts';
import { metric, request } from '../harness/verbs.ts';

// Its types are newer than those of Node that the tests are checked with.
const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite');

const home = mkdtempSync(join(tmpdir(), 'howl-check-'));
afterAll(() => rmSync(home, { recursive: true }));
const dataDir = join(home, 'data');
const here = ['store', 'check', '--data-dir', dataDir];

const instances = async (server: Server) =>
    (await request(server, 'GET', '/api/cloud/instances')).json as { id: string }[];

test('a damaged instance is left out, listed, set aside and gone', async () => {
    const made: string[] = [];
    await withServer({ dataDir }, async (server) => {
        for (let i = 0; i < 2; ++i) {
            made.push((await request(server, 'POST', '/api/cloud/instances')).json.id);
        }
        expect((await howl(here)).code).toBe(0);
    });
    const [broken, sound] = made as [string, string];
    const database = new DatabaseSync(join(dataDir, 'howl.db'));
    database.prepare('UPDATE records SET data = ? WHERE id = ?').run(Buffer.from('x'), broken);
    database.close();

    await withServer({ dataDir }, async (server) => {
        expect((await instances(server)).map(({ id }) => id)).toEqual([sound]);
        expect(await metric(server, 'howl_records_unreadable_total')).toBeGreaterThan(0);
        expect(server.log).toContain(broken);

        const listed = await howl(here);
        expect(listed.code).toBe(1);
        expect(listed.out).toContain(`records\tcloud.instance/${broken}\t`);
        expect(listed.out).not.toContain(sound);
        const unsaid = await howlWith({ stdout: openSync('/dev/full', 'w') }, here);
        expect(unsaid.code).toBe(2);
        expect(unsaid.err).toContain('No space left on device');
        const refused = await howl([...here, '--delete']);
        expect([refused.code, refused.out]).toEqual([2, '']);
    });

    const nowhere = join(home, 'no', 'such', 'file');
    expect(await howl([...here, '--set-aside', nowhere])).toMatchObject({
        code: 2,
        err: `howl store check: cannot open ${nowhere}: No such file or directory\n`,
    });
    expect(await howl([...here, '--set-aside', '/dev/full'])).toMatchObject({
        code: 2,
        err: 'howl store check: cannot write /dev/full: No space left on device\n',
    });
    const file = join(home, 'aside.jsonl');
    const aside = await howl([...here, '--set-aside', file]);
    expect([aside.code, aside.err]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
        table: 'records',
        record: `cloud.instance/${broken}`,
        content: expect.stringContaining('"data":{"text":"x"}'),
    });
    expect(await howl(here)).toMatchObject({ code: 0, out: '' });
    await withServer({ dataDir }, async (server) => {
        expect((await instances(server)).map(({ id }) => id)).toEqual([sound]);
    });
});
