// SPDX-License-Identifier: Apache-2.0
// The canonical chat: names, members, acknowledged messages, history, typing, resume.
import { afterEach, describe, expect, test } from 'vitest';
import { Member, membersOf, wholeChat } from '../harness/chat.ts';
import { useServer, withServer } from '../harness/server.ts';
import { hastyChat } from '../harness/settings.ts';
import { expectProblem, request, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: hastyChat });
const kUuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const kIsoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const open: Member[] = [];
let rooms = 0;
/** Each test has a room of its own. */
let room = 'room-0';

async function register(name: string): Promise<Member> {
    const member = await Member.register(server, name, room);
    open.push(member);
    return member;
}

async function rejoin(member: Member, cursor?: string): Promise<Member> {
    const again = await Member.rejoin(server, member.token, cursor, room);
    open.push(again);
    return again;
}

afterEach(() => {
    open.splice(0).forEach((member) => member.close());
    rooms += 1;
    room = `room-${rooms}`;
});

function judge(name: string): Promise<any> {
    const path = `/api/chat/rooms/${room}/names/${encodeURIComponent(name)}`;
    return request(server, 'GET', path).then(({ json }) => json);
}

describe('registration', () => {
    test('gives a user and a secret token, then a snapshot', async () => {
        const anna = await register('Anna');
        expect(anna.user).toEqual({ id: expect.stringMatching(kUuid4), name: 'Anna' });
        expect(anna.snapshot).toMatchObject({ members: [anna.user], messages: [], more: false });
    });

    test.each([
        ['Anna', 'name_taken'],
        ['anna', 'name_taken'],
        ['Аnna', 'name_confusable'],
        ['You', 'name_reserved'],
        ['Вы', 'name_reserved'],
        ['', 'name_invalid'],
        ['a'.repeat(33), 'name_invalid'],
        ['An\u202ena', 'name_invalid'],
    ])('%j beside Anna is refused with %s and a suggestion that works', async (name, code) => {
        await register('Anna');
        const late = await Member.connect(server, room);
        open.push(late);
        late.socket.send({ type: 'register', name });
        const refused = await late.hear('refused');
        expect(refused).toMatchObject({ type: 'refused', code, name });
        const suggestion = refused.suggestion || 'Petr';
        late.socket.send({ type: 'register', name: suggestion });
        await late.expectRegistered();
        expect(late.user.name).toBe(suggestion);
    });

    test('of two who want a name at once one gets it', async () => {
        const both = await Promise.all([
            Member.connect(server, room),
            Member.connect(server, room),
        ]);
        open.push(...both);
        both.forEach((member) => member.socket.send({ type: 'register', name: 'Anna' }));
        const answers = await Promise.all(both.map((one) => one.hear(['registered', 'refused'])));
        expect(answers.map((answer) => answer.type).sort()).toEqual(['refused', 'registered']);
    });

    test('a name can be asked about first', async () => {
        await register('Anna');
        expect(await judge('Petr')).toMatchObject({ name: 'Petr', verdict: 'free' });
        expect(await judge('ANNA')).toMatchObject({ verdict: 'taken' });
        expect((await judge('Аnna')).verdict).toBe('confusable');
        expect((await judge('you')).verdict).toBe('reserved');
        expect((await judge(' ')).verdict).toBe('invalid');
    });
});

describe('members', () => {
    test('see each other come and go', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        expect(petr.snapshot?.members).toEqual([anna.user, petr.user]);
        expect((await anna.hear('join')).user).toEqual(petr.user);
        petr.socket.send({ type: 'leave' });
        expect((await petr.hear('left')).type).toBe('left');
        expect((await petr.socket.expectClosed()).code).toBe(1000);
        expect((await anna.hear('leave')).user).toEqual(petr.user);
        expect(await membersOf(server, room)).toEqual(['Anna']);
    });

    test('who drops leaves after the grace, and not before', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        petr.close();
        const again = await rejoin(petr);
        expect(again.user).toEqual(petr.user);
        await again.expectSnapshot();
        again.close();
        expect((await anna.hear('leave')).user).toEqual(petr.user);
    });

    test('with two tabs a member stays until both are closed', async () => {
        const anna = await register('Anna');
        const tab = await rejoin(anna);
        await tab.expectSnapshot();
        anna.close();
        await tab.say('c-1', 'still here');
        expect(await membersOf(server, room)).toEqual(['Anna']);
        tab.close();
        await eventually('Anna is gone', async () => (await membersOf(server, room)).length === 0);
    });

    test('a token of somebody who left is worth nothing', async () => {
        const anna = await register('Anna');
        anna.socket.send({ type: 'leave' });
        await anna.hear('left');
        const late = await Member.connect(server, room);
        open.push(late);
        late.socket.send({ type: 'rejoin', token: anna.token });
        expect(await late.hear('refused')).toMatchObject({ code: 'unknown_token' });
    });
});

describe('messages', () => {
    test('are acknowledged with place and time, and reach everybody', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        const ack = await anna.say('c-1', 'Привет');
        expect(ack).toEqual({
            type: 'ack',
            id: 'c-1',
            offset: 1,
            epoch: expect.any(String),
            time: expect.stringMatching(kIsoTime),
        });
        const heard = await petr.hear('message');
        expect(heard).toEqual({
            type: 'message',
            cursor: expect.any(String),
            offset: 1,
            time: ack.time,
            user: anna.user,
            text: 'Привет',
            clientId: 'c-1',
        });
    });

    test('sent twice are stored once, with the same acknowledgement', async () => {
        const anna = await register('Anna');
        const first = await anna.say('c-1', 'once');
        const again = await anna.say('c-1', 'once');
        expect(again).toEqual(first);
        const back = await rejoin(anna);
        await back.expectSnapshot();
        expect(await back.say('c-1', 'once')).toEqual(first);
        expect((await wholeChat(server, room)).length).toBe(1);
    });

    test('with a used id and another text are refused', async () => {
        const anna = await register('Anna');
        await anna.say('c-1', 'one');
        anna.send('c-1', 'two');
        expect(await anna.hear('error')).toMatchObject({ code: 'idempotency_conflict', id: 'c-1' });
    });

    test('of two members with the same client id are two', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        await anna.say('c-1', 'mine');
        expect((await petr.say('c-1', 'mine')).offset).toBe(2);
    });

    test('have a history that can be read page by page', async () => {
        const anna = await register('Anna');
        for (let n = 1; n <= 60; n += 1) {
            await anna.say(`c-${n}`, `message ${n}`);
        }
        const petr = await register('Petr');
        const newest = petr.snapshot!;
        expect(newest.messages.length).toBe(50);
        expect(newest.messages.at(-1)?.text).toBe('message 60');
        expect(newest.more).toBe(true);
        petr.socket.send({ type: 'history', before: newest.messages[0]!.offset, limit: 4 });
        const page = await petr.hear('history');
        expect(page.messages.map((message: any) => message.text)).toEqual([
            'message 7',
            'message 8',
            'message 9',
            'message 10',
        ]);
        expect(page.more).toBe(true);
        expect((await wholeChat(server, room)).map(({ offset }) => offset)).toEqual(
            Array.from({ length: 60 }, (_, at) => at + 1),
        );
    });

    test('typing is told and not kept', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        petr.socket.send({ type: 'typing' });
        expect(await anna.hear('typing')).toMatchObject({ type: 'typing', user: petr.user });
        expect(await wholeChat(server, room)).toEqual([]);
    });
});

describe('resume', () => {
    test('gives exactly what was missed', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        await anna.say('c-1', 'heard');
        await petr.hear('message');
        petr.close();
        await anna.say('c-2', 'missed');
        await anna.say('c-3', 'missed too');
        const back = await rejoin(petr, petr.cursor);
        await back.hear('resumed');
        expect((await back.hear('message')).text).toBe('missed');
        expect((await back.hear('message')).text).toBe('missed too');
        await anna.say('c-4', 'live');
        expect((await back.hear('message')).text).toBe('live');
    });

    test('works over a restart, and members are still members', async () => {
        await withServer({ config: '[chat]\nleave_grace = "5s"\n' }, async (other) => {
            const anna = await Member.register(other, 'Anna');
            const petr = await Member.register(other, 'Petr');
            await petr.say('c-1', 'before');
            await anna.hear('message');
            await other.restart('SIGKILL');
            const back = await Member.rejoin(other, anna.token, anna.cursor);
            await back.hear('resumed');
            expect(await membersOf(other)).toEqual(['Anna', 'Petr']);
            const writer = await Member.rejoin(other, petr.token);
            await writer.expectSnapshot();
            expect((await writer.say('c-1', 'before')).offset).toBe(1);
            await writer.say('c-2', 'after');
            expect((await back.hear('message')).text).toBe('after');
        });
    });

    test('from an unreadable cursor is refused, and the socket may try again', async () => {
        const anna = await register('Anna');
        const late = await Member.connect(server, room);
        open.push(late);
        late.socket.send({ type: 'rejoin', token: anna.token, cursor: 'last Tuesday' });
        expect(await late.hear('error')).toMatchObject({ code: 'invalid_cursor' });
        late.socket.send({ type: 'rejoin', token: anna.token });
        await late.expectRegistered();
    });
});

describe('bad input costs nobody the connection', () => {
    test.each([
        ['not json', 'invalid_json'],
        ['[]', 'bad_request'],
        ['{"type":5}', 'bad_request'],
        ['{"type":"dance"}', 'bad_request'],
        ['{"type":"send"}', 'bad_request'],
        ['{"type":"send","id":"c 1","text":7}', 'bad_request'],
        ['{"type":"send","id":"","text":"x"}', 'bad_request'],
        ['{"type":"send","id":"c","text":""}', 'bad_request'],
        [`{"type":"send","id":"c","text":"${'x'.repeat(8193)}"}`, 'message_too_big'],
        ['{"type":"history","limit":0}', 'bad_request'],
        ['{"type":"history","before":"x"}', 'bad_request'],
        ['{"type":"register","name":"Other"}', 'illegal_state'],
    ])('%s', async (bytes, code) => {
        const anna = await register('Anna');
        anna.socket.send(bytes);
        expect(await anna.hear('error')).toMatchObject({ type: 'error', code });
        expect((await anna.say('c-1', 'still here')).offset).toBe(1);
    });

    test('who has no name yet may not speak', async () => {
        const nobody = await Member.connect(server, room);
        open.push(nobody);
        nobody.send('c-1', 'hello?');
        expect(await nobody.hear('error')).toMatchObject({ code: 'not_registered' });
    });

    test('who speaks too fast is told so, and nobody else notices', async () => {
        const anna = await register('Anna');
        const petr = await register('Petr');
        for (let n = 0; n < 150; n += 1) {
            anna.send(`c-${n}`, 'flood');
        }
        const first = await anna.hear('error');
        expect(['rate_limited', 'overloaded']).toContain(first.code);
        expect((await petr.say('c-1', 'calm')).type).toBe('ack');
    });

    test('what is no room is refused', async () => {
        await expect(wsConnect(server, '/api/chat/rooms/No%20Room/ws')).rejects.toThrow('400');
        const reply = await request(server, 'GET', '/api/chat/rooms/UPPER/members');
        expectProblem(reply, 400, 'invalid_topic');
        const page = await request(server, 'GET', `/api/chat/rooms/${room}/messages?limit=0`);
        expectProblem(page, 400, 'invalid_query');
    });
});
