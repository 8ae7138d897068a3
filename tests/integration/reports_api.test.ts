// SPDX-License-Identifier: Apache-2.0
// The reports' own API, row by row of docs/API.md.
import { describe, expect, test } from 'vitest';
import { kIsoTime, kUnknownId, kUuid } from '../harness/cloud.ts';
import { Random } from '../harness/random.ts';
import {
    anyStatus,
    askCreate,
    askMove,
    byId,
    create,
    createdAs,
    eventsPath,
    find,
    fold,
    kMatrix,
    kMoves,
    kReports,
    kStatuses,
    list,
    move,
    newUser,
    nextNotice,
    type Report,
    stream,
    topicOf,
    toldSoFar,
} from '../harness/reports.ts';
import { useServer, withServer } from '../harness/server.ts';
import { eventSource, expectProblem, postEvent, request, sse } from '../harness/verbs.ts';

const server = useServer();
const iso = expect.stringMatching(kIsoTime);
const kNames = ['report_created', 'report_status_update'];

describe('a report', () => {
    test('is made as the contract says', async () => {
        const user = newUser();
        const reply = await askCreate(server, user);
        expect(reply.status).toBe(201);
        const { id } = reply.json;
        expect(id).toMatch(kUuid);
        expect(reply.headers['location']).toBe(`${kReports}/${id}?user_id=${user}`);
        const at = reply.json.createdAt;
        expect(reply.json).toEqual({
            id,
            userId: user,
            status: 'pending',
            attempt: 1,
            version: 1,
            createdAt: iso,
            updatedAt: at,
            allowed: ['queued', 'canceled'],
            history: [{ status: 'pending', at, by: user, via: 'api', attempt: 1 }],
        });
        const { json } = await request(server, 'GET', String(reply.headers['location']));
        expect(json).toEqual(reply.json);
    });

    test('keeps every move with its time, actor and attempt', async () => {
        const user = newUser();
        const { id } = await createdAs(server, user, 'failed');
        await move(server, user, id, 'pending');
        const report = await move(server, user, id, 'canceled');
        expect(report.history.map((entry) => [entry.status, entry.attempt])).toEqual([
            ['pending', 1],
            ['queued', 1],
            ['processing', 1],
            ['failed', 1],
            ['pending', 2],
            ['canceled', 2],
        ]);
        const times = report.history.map((entry) => entry.at);
        expect(times).toEqual([...times].sort());
        expect(report).toMatchObject({ attempt: 2, version: 6, createdAt: times[0] });
        expect(report.updatedAt).toBe(times.at(-1));
        expect(await find(server, user, id)).toEqual(report);
    });

    test('is found by an id and a user in any form', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        const forms = [user.toUpperCase(), user.replaceAll('-', ''), `{${user}}`];
        for (const form of [...forms, `urn:uuid:${user}`]) {
            expect((await find(server, form, id))?.userId).toBe(user);
        }
        expect((await find(server, user, id.replaceAll('-', '')))?.id).toBe(id);
    });
});

describe('a move', () => {
    test.each(kMatrix)('from $from to $to: $legal', async ({ from, to, legal }) => {
        const user = newUser();
        const before = await createdAs(server, user, from);
        const reply = await askMove(server, user, before.id, to);
        const after = await find(server, user, before.id);
        if (legal) {
            expect([reply.status, reply.json]).toEqual([200, after]);
            expect(after).toMatchObject({ status: to, version: before.version + 1 });
            expect(after?.attempt).toBe(to === 'pending' ? 2 : 1);
            expect(after?.allowed).toEqual(kMoves[to]);
        } else {
            expectProblem(reply, 409, 'illegal_state');
            const allowed = kMoves[from].join(', ') || 'nothing, it is final';
            expect(reply.json.detail).toBe(`from ${from} to: ${allowed}`);
            expect(after).toEqual(before);
        }
        expect((await toldSoFar(server, user)).length).toBe(after?.version);
    });

    test.each([
        ['no JSON', 'queued', 'invalid_json'],
        ['nothing', '', 'invalid_json'],
        ['a list', '[]', 'bad_request'],
        ['no status', '{}', 'bad_request'],
        ['an unknown status', '{"status":"Queued"}', 'bad_request'],
    ])('of %s is refused', async (_, body, code) => {
        const user = newUser();
        const { id } = await create(server, user);
        const path = `${kReports}/${id}?user_id=${user}`;
        expectProblem(await request(server, 'PATCH', path, { body }), 400, code);
        expect((await find(server, user, id))?.version).toBe(1);
    });

    test('wins alone where twenty ask for the same at once', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        const replies = await Promise.all(
            Array.from({ length: 20 }, () => askMove(server, user, id, 'queued')),
        );
        const statuses = replies.map((reply) => reply.status).sort();
        expect(statuses).toEqual([200, ...Array(19).fill(409)]);
        expect((await find(server, user, id))?.version).toBe(2);
    });
});

describe('a user', () => {
    test('sees and moves nobody else’s report', async () => {
        const [anna, bob] = [newUser(), newUser()];
        const { id } = await create(server, anna);
        expect(await find(server, bob, id)).toBeUndefined();
        expectProblem(await askMove(server, bob, id, 'queued'), 404, 'not_found');
        expect((await list(server, bob)).reports).toEqual([]);
        expect((await find(server, anna, id))?.version).toBe(1);
    });

    test('hears of nobody else’s report', async () => {
        const [anna, bob] = [newUser(), newUser()];
        const heard = await stream(server, anna);
        await createdAs(server, bob, 'completed');
        const { id } = await create(server, anna);
        expect(await nextNotice(heard)).toMatchObject({ type: 'report_created', id, userId: anna });
        heard.close();
    });

    test.each(['', '?user_id=', '?user_id=anna', '?user=x'])('has to be named: %j', async (query) => {
        const paths = [kReports, `${kReports}/events`, `${kReports}/${kUnknownId}`];
        for (const path of paths) {
            expectProblem(await request(server, 'GET', path + query), 400, 'invalid_query');
        }
        expectProblem(await request(server, 'POST', kReports + query), 400, 'invalid_query');
    });

    test('has at most so many reports, and another one has room', async () => {
        await withServer({ config: '[reports]\nper_user = 2\n' }, async (small) => {
            const user = newUser();
            const first = await askCreate(small, user, 'first');
            await create(small, user);
            expectProblem(await askCreate(small, user), 409, 'limit_reached');
            expect((await askCreate(small, user, 'first')).json).toEqual(first.json);
            await create(small, newUser());
        });
    });
});

describe('events', () => {
    test('tell every tab of a whole life, in the shape of the contract', async () => {
        const user = newUser();
        const tabs = [await stream(server, user), await stream(server, user)];
        const { history, ...last } = await createdAs(server, user, 'completed');
        for (const tab of tabs) {
            const heard = [];
            for (const _ of history) {
                heard.push(await nextNotice(tab));
            }
            expect(heard.map((notice) => notice.move)).toEqual(history);
            expect(heard.map(({ type }) => type)).toEqual([kNames[0], ...Array(3).fill(kNames[1])]);
            expect(heard.at(-1)).toEqual({ ...last, type: kNames[1], move: history.at(-1) });
            tab.close();
        }
    });

    test('are those of the user’s topic, which nobody else may write', async () => {
        const user = newUser();
        const streams = [await stream(server, user), await sse(server, topicOf(user))] as const;
        await createdAs(server, user, 'queued');
        const [own, topic] = await Promise.all(streams.map((one) => one.take(2)));
        expect(own).toEqual(topic);
        streams.forEach((one) => one.close());
        expectProblem(await postEvent(server, topicOf(user), '{}'), 403, 'topic_reserved');
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)(
        'and reports survive %s, and a browser misses nothing',
        async (how) => {
            const user = newUser();
            const browser = await eventSource(server, eventsPath(user), kNames);
            const { id } = await createdAs(server, user, 'queued');
            await browser.take(2);
            const before = await find(server, user, id);
            await server.restart(how);
            expect(await find(server, user, id)).toEqual(before);
            const after = await move(server, user, id, 'processing');
            const heard = await browser.next('the move after the restart', 15_000);
            expect(JSON.parse(heard.data)).toMatchObject({ id, version: after.version });
            browser.close();
        },
        40_000,
    );

    test('go on from where a client was when it left', async () => {
        const user = newUser();
        const first = await stream(server, user);
        const { id } = await create(server, user);
        const { lastEventId } = await first.next();
        first.close();
        await move(server, user, id, 'queued');
        await server.restart();
        await move(server, user, id, 'canceled');
        const again = await stream(server, user, lastEventId);
        expect([(await nextNotice(again)).status, (await nextNotice(again)).status]).toEqual([
            'queued',
            'canceled',
        ]);
        again.close();
    }, 40_000);

    test('from Howl-Cursor on, with the list, are the whole truth, whenever one comes', async () => {
        // Four walk at random over the reports of one user while observers come and go on from
        // their lists. What a walker asks for may be illegal by the time it arrives.
        const random = new Random();
        const user = newUser();
        const reports = await Promise.all(Array.from({ length: 6 }, () => create(server, user)));
        const walk = async () => {
            for (let steps = 0; steps < 40; steps += 1) {
                const report = reports[random.between(0, reports.length - 1)] as Report;
                const reply = await askMove(server, user, report.id, anyStatus(random));
                expect([200, 409], reply.text).toContain(reply.status);
            }
        };
        const work = Promise.all(Array.from({ length: 4 }, walk));
        const observers = [];
        for (let count = 0; count < 8; count += 1) {
            const { reports: before, cursor } = await list(server, user);
            observers.push({ before, heard: await stream(server, user, cursor) });
        }
        await work;
        const last = await create(server, user);
        const { reports: now } = await list(server, user);
        for (const { before, heard } of observers) {
            const notices = [await nextNotice(heard)];
            while (notices.at(-1)?.id !== last.id) {
                notices.push(await nextNotice(heard));
            }
            heard.close();
            expect(fold(notices, before), `seed ${random.seed}`).toEqual(byId(now));
        }
        expect(fold(await toldSoFar(server, user))).toEqual(byId(now));
        for (const { history } of now) {
            history.slice(1).forEach((entry, at) => {
                expect(kMoves[history[at]?.status ?? 'completed']).toContain(entry.status);
            });
        }
    }, 40_000);
});

describe('the list', () => {
    test('has every report of the user, oldest first', async () => {
        const user = newUser();
        for (const status of kStatuses) {
            await createdAs(server, user, status);
        }
        const { reports } = await list(server, user);
        expect(reports.map((report) => report.status).sort()).toEqual([...kStatuses].sort());
        const times = reports.map((report) => report.createdAt);
        expect(times).toEqual([...times].sort());
    });
});

describe('an Idempotency-Key', () => {
    test('makes one report, however often and through whatever crash it is sent', async () => {
        const user = newUser();
        const race = await Promise.all(
            Array.from({ length: 20 }, () => askCreate(server, user, 'key-1')),
        );
        expect(race.map((reply) => reply.status).sort()).toEqual([...Array(19).fill(200), 201]);
        await server.restart('SIGKILL');
        const again = await askCreate(server, user, 'key-1');
        expect(again.status).toBe(200);
        for (const reply of race) {
            expect(reply.json).toEqual(again.json);
        }
        expect((await list(server, user)).reports).toEqual([again.json]);
        expect((await toldSoFar(server, user)).length).toBe(1);
    });

    test('is the user’s own', async () => {
        const replies = await Promise.all(
            [newUser(), newUser()].map((user) => askCreate(server, user, 'key-1')),
        );
        expect(replies.map((reply) => reply.status)).toEqual([201, 201]);
    });
});
