// SPDX-License-Identifier: Apache-2.0
// One damaged row costs its event, told by a reset, and neither its topic nor the server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Server, withServer } from '../harness/server.ts';
import { longHistory } from '../harness/settings.ts';
import { history, metric, publish, request, sse } from '../harness/verbs.ts';

const kTopic = 'archive/damaged';

/** Five events, the third of them damaged while the server is down; the resume id behind the first. */
async function withDamage(server: Server): Promise<string> {
    const stream = await sse(server, kTopic);
    for (let n = 1; n <= 5; n += 1) {
        await publish(server, kTopic, `event ${n}`);
    }
    const { lastEventId } = await stream.next();
    stream.close();
    await server.stop();
    const file = join(server.dataDir, 'howl.db');
    const database = readFileSync(file);
    const at = database.indexOf('event 3');
    expect(at).toBeGreaterThan(0);
    writeFileSync(file, database.fill('E', at, at + 1));
    await server.start();
    return lastEventId;
}

test('a reader from before it hears a reset and the rest; it is counted and logged once', async () => {
    await withServer({ config: longHistory }, async (server) => {
        const before = await withDamage(server);
        for (let again = 0; again < 3; again += 1) {
            const stream = await sse(server, kTopic, { lastEventId: before });
            const heard = await stream.take(4 + again);
            expect(heard[0]?.type).toBe('reset');
            expect(heard.slice(1, 4).map(({ data }) => data)).toEqual([
                'event 2',
                'event 4',
                'event 5',
            ]);
            await publish(server, kTopic, 'live');
            expect((await stream.next()).data).toBe('live');
            stream.close();
            const reply = await request(server, 'GET', `/api/topics/${kTopic}/events?format=json`);
            expect(reply.json.missing).toEqual([3]);
        }
        expect(await metric(server, 'howl_damaged_rows_total')).toBe(1);
        expect(server.log.match(/the database is damaged: a row is left out/g)).toHaveLength(1);
        expect(server.log).toContain(`event 3 of ${kTopic}`);
    });
});

test('pages before and behind it are whole', async () => {
    await withServer({ config: longHistory }, async (server) => {
        await withDamage(server);
        const behind = await history(server, kTopic, { after: 3 });
        expect(behind).not.toHaveProperty('missing');
        expect(behind.events.map(({ offset }) => offset)).toEqual([4, 5]);
        const before = await history(server, kTopic, { after: 0, limit: 2 });
        expect(before.events.map(({ offset }) => offset)).toEqual([1, 2]);
        expect(before).not.toHaveProperty('missing');
    });
});
