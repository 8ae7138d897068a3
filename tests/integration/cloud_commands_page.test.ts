// SPDX-License-Identifier: Apache-2.0
// The original page against the door `cloud-commands`: when it is loaded, when it comes back, and
// when it is served from somewhere else.
import { beforeEach, describe, expect, test } from 'vitest';
import {
    accepted,
    askRemove,
    askState,
    cloudEvents,
    kUnknownId,
    list,
    made,
    settled,
    settledList,
} from '../harness/cloud.ts';
import {
    add,
    changeFrame,
    expectFrames,
    kDone,
    kDoor,
    listen,
    logFrame,
} from '../harness/cloud_commands.ts';
import { rawRequest } from '../harness/raw.ts';
import { RawSse } from '../harness/raw_sse.ts';
import { useServer, withServer } from '../harness/server.ts';
import { briskCloud, originalPlace, slowToggle } from '../harness/settings.ts';
import { eventSource, request, sseAt } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: briskCloud });
// What one test began must not be heard by the next.
beforeEach(() => settledList(server));
const kJson = 'application/json';

/** What the page of the original does with what it hears: it throws where this fails. */
class Page {
    readonly cards = new Map<string, string>();

    hear(data: string): void {
        const { action, instance } = JSON.parse(data);
        if (action === undefined) {
            return;
        }
        const { id, state } = instance;
        expect(this.cards.has(id), `${action} ${id}`).toBe(action !== 'created');
        this.cards.set(id, state);
        if (action === 'removed') {
            this.cards.delete(id);
        }
    }

    async expectShowsAll(): Promise<void> {
        const all = (await settledList(server)).map(({ id, state }): [string, string] => [
            id,
            state,
        ]);
        const shown = [...this.cards].map(([id, state]) => [id, state.toLowerCase()]);
        expect(shown.sort()).toEqual(all.sort());
    }
}

describe('a page', () => {
    test('that is loaded gets what there is, and nothing of what was', async () => {
        await withServer({ config: slowToggle }, async (fresh) => {
            const stopped = await made(fresh);
            const running = await made(fresh, 'running');
            await accepted(askRemove(fresh, await made(fresh)));
            await settledList(fresh);
            await request(fresh, 'POST', '/compat/cloud-toggle/');
            const coming = (await list(fresh)).instances.at(-1)?.id ?? '';
            const stream = await RawSse.open(fresh, `${kDoor}/sse`);
            expectFrames(await stream.frames(6), [
                /^:ok\n\n$/,
                changeFrame('created', stopped, 'Stopped'),
                changeFrame('created', running, 'Stopped'),
                changeFrame('started', running, 'Running'),
                logFrame('Created', coming),
                changeFrame('created', coming, 'Stopped'),
            ]);
            stream.close();
        });
    });

    test('that is loaded at any moment never meets a stranger, nor a server twice', async () => {
        const life = async () => accepted(askRemove(server, await made(server, 'running')));
        const news = await cloudEvents(server);
        const work = Promise.all([life(), life(), life(), life()]);
        const streams = [];
        for (let n = 0; n < 20; n += 1) {
            await news.next(); // Of the six events in each life; the moments lie between them.
            streams.push(await sseAt(server, `${kDoor}/sse`));
        }
        await work;
        news.close();
        await settledList(server);
        const last = await made(server);
        for (const stream of streams) {
            const page = new Page();
            while (!page.cards.has(last)) {
                page.hear((await stream.next()).data);
            }
            await page.expectShowsAll();
            stream.close();
        }
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)(
        'that lives through %s misses nothing',
        async (how) => {
            const browser = await eventSource(server, `${kDoor}/sse`);
            const page = new Page();
            const id = await made(server);
            await accepted(askState(server, id, 'running'));
            await server.restart(how);
            await settled(server, id);
            const last = await made(server);
            while (!page.cards.has(last)) {
                page.hear((await browser.next('an event', 15_000)).data);
            }
            expect(page.cards.get(id)).toBe('Running');
            await page.expectShowsAll();
            browser.close();
        },
        40_000,
    );

    test('that comes back with an id gets only what it missed', async () => {
        const first = await listen(server);
        await add(server);
        const frames = await first.frames(3);
        first.close();
        const lastEventId = /^id:(.*)$/m.exec(frames[2] ?? '')?.[1] ?? '';
        const id = await made(server);
        const again = await listen(server, lastEventId);
        expectFrames(await again.frames(3), [
            logFrame('Received "Create command"', id),
            logFrame('Created', id),
            changeFrame('created', id, 'Stopped'),
        ]);
        again.close();
    });

    test.each([kUnknownId, 'keep-alive', 'x'.repeat(200)])(
        "with another server's id, %s, is served",
        async (lastEventId) => {
            const stream = await sseAt(server, `${kDoor}/sse`, { lastEventId });
            const id = await made(server);
            await eventually('its server', async () =>
                (await stream.next()).data.includes(`"created","instance":{"id":"${id}"`),
            );
            stream.close();
        },
    );
});

describe('a page of another origin', () => {
    const original = useServer({
        config: briskCloud + originalPlace('cloud-commands'),
        listeners: 'config',
    });
    const origin = 'https://page.example';

    test('may ask, in the place of the original: preflight and reply reflect it', async () => {
        const asks = {
            Origin: origin,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'content-type',
        };
        for (const path of [
            '/instances/add',
            '/instances/stateChange',
            `/instances/delete/${kUnknownId}/removed`,
        ]) {
            const { status, head } = await rawRequest(
                original.listener(1),
                `OPTIONS ${path}`,
                asks,
            );
            expect(status).toBe(204);
            expect(head).toMatch(/^Access-Control-Allow-Origin: https:\/\/page\.example\r$/m);
            expect(head).toMatch(
                /^Access-Control-Allow-Methods: GET,HEAD,PUT,POST,DELETE,PATCH\r$/m,
            );
            expect(head).toMatch(/^Access-Control-Allow-Headers: content-type\r$/m);
            expect(head).toMatch(/^Vary: Origin\r$/m);
        }
        const { body, head } = await rawRequest(
            original.listener(1),
            'POST /instances/add',
            { Origin: origin, 'Content-Type': kJson },
            '{"command":"created"}',
        );
        expect(body).toBe(kDone);
        expect(head).toMatch(/^Access-Control-Allow-Origin: https:\/\/page\.example\r$/m);
        const stream = await RawSse.open(original.listener(1), '/sse', { Origin: origin });
        expect(stream.head).toMatch(/^Access-Control-Allow-Origin: https:\/\/page\.example\r$/m);
        stream.close();
    });

    test('is not named when it does not name itself', async () => {
        const { body, head } = await rawRequest(original.listener(1), 'GET /ping');
        expect(body).toBe('{"status":"ok"}');
        expect(head).not.toMatch(/access-control/i);
    });

    test('may not ask where the door was not opened to it', async () => {
        for (const to of [server, original.listener(0)]) {
            const before = (await list(to)).instances.length;
            const headers = { origin, 'content-type': kJson };
            const body = '{"command":"created"}';
            const reply = await request(to, 'POST', `${kDoor}/instances/add`, { headers, body });
            expect(reply.status).toBe(403);
            expect(reply.headers['access-control-allow-origin']).toBeUndefined();
            expect((await list(to)).instances).toHaveLength(before);
        }
    });
});
