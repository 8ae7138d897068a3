// SPDX-License-Identifier: Apache-2.0
// The original chat as its existing clients speak it, with what
// makes it safe: nobody removes another, and who has gone is gone.
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { membersOf, Member, newUser, RelayClient } from '../harness/chat.ts';
import { relayReaders, relayShapes } from '../harness/relay_payloads.ts';
import { useServer, withServer } from '../harness/server.ts';
import { hastyChat } from '../harness/settings.ts';
import { type Reply, request, type WsClient, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: hastyChat });
const kDoor = '/compat/chat-relay/';
const kUuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const kTaken = '{"status":"error","message":"This name is already taken!"}';

const open: { close(): void }[] = [];

async function arrive(name: string): Promise<RelayClient> {
    const client = await RelayClient.arrive(server, name, kDoor);
    open.push(client);
    return client;
}

async function connect(path = `${kDoor}ws`): Promise<WsClient> {
    const socket = await wsConnect(server, path);
    open.push(socket);
    return socket;
}

/** The room is empty again before the next test. */
afterEach(async () => {
    open.splice(0).forEach((client) => client.close());
    await eventually('the lobby is empty', async () => (await roster()).length === 0);
});

/** The array as a newcomer without a name gets it. */
async function roster(): Promise<{ id: string; name: string }[]> {
    const socket = await wsConnect(server, kDoor);
    const array = await socket.next('the member array');
    socket.close();
    return array;
}

function register(body: string, type = 'application/json'): Promise<Reply> {
    return request(server, 'POST', `${kDoor}new-user`, { headers: { 'content-type': type }, body });
}

describe('registration', () => {
    test('a free name is 200 with a user, byte for byte', async () => {
        const reply = await register('{"name":"Anna"}');
        expect(reply.status).toBe(200);
        expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
        expect(reply.json.user.id).toMatch(kUuid4);
        const { id } = reply.json.user;
        expect(reply.text).toBe(`{"status":"ok","user":{"id":"${id}","name":"Anna"}}`);
    });

    test.each(['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'])(
        'the body is JSON whatever the content type says: %s',
        async (type) => {
            expect((await register('{"name":"Petr"}', type)).status).toBe(200);
        },
    );

    test('a taken name is 409 in the words of the original', async () => {
        await newUser(server, 'Ivan', kDoor);
        const reply = await register('{"name":"Ivan"}');
        expect({ status: reply.status, text: reply.text }).toEqual({ status: 409, text: kTaken });
    });

    test.each(['You', 'Вы', 'yоu'])('%s points at oneself and is nobody’s name', async (name) => {
        const reply = await register(JSON.stringify({ name }));
        expect({ status: reply.status, text: reply.text }).toEqual({ status: 409, text: kTaken });
    });

    test.each(['', '{}', '{"x":1}', '{"name":""}', '{"name":5}', '[]'])(
        'no name in %j is 400, and the server lives (the original died of the first two)',
        async (body) => {
            const reply = await register(body);
            expect({ status: reply.status, text: reply.text }).toEqual({
                status: 400,
                text: kTaken,
            });
        },
    );

    test.each(['{"name":', '"Anna"', 'null'])('%j is no JSON object: an HTML 400', async (body) => {
        const reply = await register(body);
        expect(reply.status).toBe(400);
        expect(reply.headers['content-type']).toMatch(/^text\/html/);
    });

    test('a name of 200 characters is refused in words that say why', async () => {
        const reply = await register(JSON.stringify({ name: 'x'.repeat(200) }));
        expect(reply.status).toBe(400);
        expect(reply.json).toEqual({
            status: 'error',
            message: 'A name is 1-32 visible characters of readable text.',
        });
    });

    test('a body over 100 KB is an HTML 413', async () => {
        const reply = await register(JSON.stringify({ name: 'x'.repeat(110_000) }));
        expect(reply.status).toBe(413);
        expect(reply.headers['content-type']).toMatch(/^text\/html/);
    });

    test('an unknown route is an HTML 404 that names it, escaped', async () => {
        const reply = await request(server, 'GET', `${kDoor}a%3Cb`);
        expect(reply.status).toBe(404);
        expect(reply.headers['content-type']).toMatch(/^text\/html/);
        expect(reply.text).toContain(`Cannot GET ${kDoor}a`);
        expect(reply.text).not.toContain('a<b');
    });
});

describe('the member array', () => {
    test.each([kDoor, `${kDoor}ws`, `${kDoor}any/path?at=all`])(
        'is the first frame on %s, [] for an empty room',
        async (path) => {
            expect(await (await connect(path)).nextText('the first frame')).toBe('[]');
        },
    );

    test('holds everybody in the order of registration, and goes to all who are connected', async () => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        const expected = JSON.stringify([anna.user, petr.user]);
        expect(petr.firstFrame).toBe(expected);
        expect(JSON.stringify(await anna.nextArray((names) => names.length === 2))).toBe(expected);
    });

    test('comes again to every open socket when one more connects', async () => {
        const anna = await arrive('Anna');
        await connect();
        expect(await anna.nextArray()).toEqual([anna.user]);
    });

    test('each registration is told to the open sockets', async () => {
        const sockets = [await connect(), await connect()];
        for (const name of ['Nazgulius', 'Late']) {
            await newUser(server, name, kDoor);
            for (const socket of sockets) {
                const isIn = (frame: { name: string }[]) => frame.some((user) => user.name === name);
                while (!isIn(await socket.next(`a list with ${name}`))) {}
            }
        }
    });
});

describe('send', () => {
    test.each(relayShapes)('relays the bytes of $client untouched to all', async ({ frame }) => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        const bytes = frame(anna.user, 'Привет <b>"pack"</b>');
        anna.socket.send(bytes);
        expect(await petr.nextMessage()).toBe(bytes);
        expect(await anna.nextMessage()).toBe(bytes);
    });

    test('keeps white space, unknown members and the order of keys', async () => {
        const anna = await arrive('Anna');
        const bytes = `{ "zzz" : [1, 2.50],\t"type":"send" , "user":{"name":"Anna"}, "a":null }`;
        anna.socket.send(bytes);
        expect(await anna.nextMessage()).toBe(bytes);
    });

    test('keeps the text or binary flag', async () => {
        const anna = await arrive('Anna');
        const flags: boolean[] = [];
        anna.socket.socket.on('message', (data, isBinary) => {
            if (!data.toString().startsWith('[')) {
                flags.push(isBinary);
            }
        });
        const frame = JSON.stringify({ type: 'send', message: 'x', user: anna.user });
        anna.socket.send(Buffer.from(frame));
        expect(await anna.nextMessage()).toBe(frame);
        anna.socket.send(frame);
        expect(await anna.nextMessage()).toBe(frame);
        expect(flags).toEqual([true, false]);
    });

    test.each([
        ['a look-alike', { user: { name: '\u0410nna' } }],
        ['a reserved name', { user: { id: '', name: 'Admin' } }],
        ['two names', { user: { name: 'Petr' }, name: 'Anna' }],
        ['a list for a name', { user: { name: ['Anna'] } }],
    ])('%s is not relayed', async (_, identity) => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        petr.socket.send({ type: 'send', message: 'I am another', ...identity });
        petr.socket.send({ type: 'send', message: 'mine', user: petr.user });
        expect(JSON.parse(await anna.nextMessage()).message).toBe('mine');
    });

    test('the public id of another is not enough to speak as them', async () => {
        const anna = await arrive('Anna');
        anna.socket.send({ type: 'send', message: 'mine', user: anna.user });
        await anna.nextMessage();
        const stranger = await connect();
        stranger.send({ type: 'send', message: 'I am Anna', user: anna.user });
        stranger.send({ type: 'send', message: 'I am Anna', userId: anna.user.id });
        anna.socket.send({ type: 'send', message: 'mine again', user: anna.user });
        expect(JSON.parse(await anna.nextMessage()).message).toBe('mine again');
    });

    test('who is nobody the server knows is relayed, and the API says so', async () => {
        const portal = await Member.register(server, 'Portal');
        open.push(portal);
        const stranger = await connect();
        stranger.send({ type: 'send', message: 'hi', user: { id: portal.user.id.replace(/./g, '0'), name: 'Robert' } });
        const heard = await portal.hear('message');
        expect(heard).toMatchObject({ user: { id: '', name: 'Robert' }, text: 'hi', unverified: true });
    });

    test('one who pretends to be another is not heard', async () => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        petr.socket.send({ type: 'send', message: 'mine', user: petr.user });
        await anna.nextMessage();
        petr.socket.send({ type: 'send', message: 'I am Anna', user: anna.user });
        petr.socket.send({ type: 'send', message: 'mine again', user: petr.user });
        expect(JSON.parse(await anna.nextMessage()).message).toBe('mine again');
    });
});

describe('exit', () => {
    test('takes the user out at once and tells all, the leaver too', async () => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        anna.socket.send({ type: 'exit', user: { name: 'Anna' }, msg: 'bye' });
        const isPetrAlone = (names: string[]) => names.join() === 'Petr';
        expect(await petr.nextArray(isPetrAlone)).toEqual([petr.user]);
        expect(await anna.nextArray(isPetrAlone)).toEqual([petr.user]);
    });

    test.each([
        ['somebody else', { type: 'exit', user: { name: 'Anna' } }],
        ['nobody', { type: 'exit', user: { name: 'Nobody at all' } }],
        ['no user', { type: 'exit' }],
    ])('of %s removes nobody (the original removed another, or died)', async (_, frame) => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        petr.socket.send({ type: 'join', user: petr.user });
        petr.socket.send(frame);
        petr.socket.send('{"type":"ping"}');
        expect(await petr.socket.nextText('the pong')).toBe('{"type":"pong"}');
        expect(await roster()).toEqual([anna.user, petr.user]);
    });

    test('frees the name', async () => {
        const anna = await arrive('Anna');
        anna.socket.send({ type: 'exit', user: anna.user });
        await anna.nextArray((names) => names.length === 0);
        expect((await register('{"name":"Anna"}')).status).toBe(200);
    });
});

describe('who has gone', () => {
    test('a closed socket leaves the list after the grace', async () => {
        const anna = await arrive('Anna');
        const petr = await arrive('Petr');
        anna.socket.send({ type: 'send', message: 'hi', user: anna.user });
        await petr.nextMessage();
        anna.close();
        expect(await petr.nextArray((names) => !names.includes('Anna'))).toEqual([petr.user]);
    });

    test('so does one who never said a word', async () => {
        const petr = await arrive('Petr');
        const lurker = await arrive('Lurker');
        await petr.nextArray((names) => names.includes('Lurker'));
        lurker.close();
        await petr.nextArray((names) => !names.includes('Lurker'));
    });

    test('one who connects first and registers then keeps the name while connected', async () => {
        const socket = await connect();
        await socket.nextText('the first frame');
        const user = await newUser(server, 'Nazgulius', kDoor);
        socket.send({ type: 'send', message: 'hi', user: { name: 'Nazgulius' } });
        await socket.next('the message');
        const petr = await arrive('Petr');
        expect(JSON.parse(petr.firstFrame)).toEqual([user, petr.user]);
    });

    test('a name nobody came for is free again', async () => {
        await newUser(server, 'Late', kDoor);
        await eventually('the grace ends', async () => (await roster()).length === 0);
    });
});

describe('the upgrade', () => {
    test('a client of Socket.IO is not taken for a chat socket', async () => {
        for (const path of ['socket.io/?EIO=4&transport=websocket', 'any/?EIO=4&transport=websocket']) {
            await expect(connect(`${kDoor}${path}`)).rejects.toMatchObject({ status: 404 });
        }
        expect(await roster()).toEqual([]);
    });

    test('the first subprotocol that is offered is agreed to', async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}${kDoor}`, ['chat', 'superchat']);
        open.push(socket);
        await once(socket, 'open');
        expect(socket.protocol).toBe('chat');
    });
});

describe('over a restart', () => {
    test('a name that only the relay knew is free, and a member with a token comes back', async () => {
        await withServer({ config: hastyChat }, async (other) => {
            const portal = await Member.register(other, 'Portal');
            await RelayClient.arrive(other, 'Anna', kDoor);
            await newUser(other, 'Late', kDoor);
            await other.restart('SIGKILL');
            for (const name of ['Anna', 'Late']) {
                await newUser(other, name, kDoor);
            }
            const back = await Member.rejoin(other, portal.token);
            expect(back.user).toEqual(portal.user);
            back.close();
        });
    });
});

describe('input that killed the original', () => {
    test.each(['not json', '{', '"text"', '5', 'null', '[]', '{"type":5}', '{"type":"exit"}', '{}'])(
        '%j is ignored, and the socket lives',
        async (bytes) => {
            const anna = await arrive('Anna');
            anna.socket.send(bytes);
            anna.socket.send(Buffer.from([0xff, 0xfe]));
            const frame = JSON.stringify({ type: 'send', message: 'still here', user: anna.user });
            anna.socket.send(frame);
            expect(await anna.nextMessage()).toBe(frame);
        },
    );
});

describe('the two doors of one room', () => {
    test('a member of the API reads what a relay client wrote, whatever its shape', async () => {
        const portal = await Member.register(server, 'Portal');
        open.push(portal);
        const anna = await arrive('Anna');
        for (const { frame, client } of relayShapes) {
            anna.socket.send(frame(anna.user, `from ${client}`));
            const heard = await portal.hear('message');
            expect(heard.text).toBe(`from ${client}`);
            expect(heard.user).toEqual(anna.user);
        }
    });

    test('a relay client gets a member’s message in a form that most can read', async () => {
        const portal = await Member.register(server, 'Portal');
        open.push(portal);
        const anna = await arrive('Anna');
        const { time } = await portal.say('c-1', 'hello relay');
        const { user } = portal;
        expect(await anna.nextMessage()).toBe(
            JSON.stringify({
                type: 'send',
                message: 'hello relay',
                user,
                msg: 'hello relay',
                text: 'hello relay',
                userId: user.id,
                name: user.name,
                author: user,
                date: time,
                time,
                created: time,
            }),
        );
    });

    test.each(relayReaders)('$client shows a member’s message', async ({ shows }) => {
        const portal = await Member.register(server, 'Portal');
        open.push(portal);
        const anna = await arrive('Anna');
        const roster = JSON.parse(anna.firstFrame);
        await portal.say('c-1', 'hello relay');
        const shown = shows(JSON.parse(await anna.nextMessage()), roster);
        expect(shown).toContain('hello relay');
        expect(shown).toMatch(/Portal|\[object Object\]/);
        expect(shown).not.toMatch(/undefined|NaN|Invalid/);
    });

    test('both see who comes and goes', async () => {
        const anna = await arrive('Anna');
        const portal = await Member.register(server, 'Portal');
        expect(await anna.nextArray((names) => names.includes('Portal'))).toEqual([
            anna.user,
            portal.user,
        ]);
        expect(await membersOf(server)).toEqual(['Anna', 'Portal']);
        portal.socket.send({ type: 'leave' });
        expect(await anna.nextArray((names) => !names.includes('Portal'))).toEqual([anna.user]);
    });

    test('no relay client can speak or leave for a member who holds a token', async () => {
        const portal = await Member.register(server, 'Portal');
        open.push(portal);
        const stranger = await connect();
        await stranger.nextText('the first frame');
        stranger.send({ type: 'send', message: 'I am Portal', user: portal.user });
        stranger.send({ type: 'exit', user: portal.user });
        stranger.send('{"type":"ping"}');
        expect(await stranger.nextText('the pong, nothing before it')).toBe('{"type":"pong"}');
        expect(await membersOf(server)).toEqual(['Portal']);
    });
});
