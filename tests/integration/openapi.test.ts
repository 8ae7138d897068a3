// SPDX-License-Identifier: Apache-2.0
// What the server says about itself in /api/openapi.json is true and complete. Each line of
// `table` is a request and what the document promises for it; at the end every documented outcome
// of every operation has been seen, except for those of `unseen`, which say why.
import { execFileSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Member } from '../harness/chat.ts';
import { ApiDocument, mediaOf } from '../harness/openapi.ts';
import { RawConnection } from '../harness/raw.ts';
import { createdAs, kReports, newUser } from '../harness/reports.ts';
import { howlBinary, Server, useServer, withServer } from '../harness/server.ts';
import { impatience, smallServer } from '../harness/settings.ts';
import {
    type Reply,
    type RequestOptions,
    eventSource,
    publish,
    request,
    sseAt,
    wsConnect,
} from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: '[cloud]\noperation_time = "1s"\n' });
const crowded = new Server({ config: smallServer });
/**
 * Its one instance takes 20 s to make, so it is busy for as long as this file runs; a user may have
 * no report.
 */
const impatient = new Server({
    config: `${impatience}[cloud]\ninstances = 1\n[reports]\nper_user = 0\n`,
});

let api: ApiDocument;
let anna: Member;
let busy = '';
/** `publishEvent 201 application/json` */
const seen = new Set<string>();

beforeAll(async () => {
    await Promise.all([crowded.start(), impatient.start()]);
    const { json } = await request(server, 'GET', '/api/openapi.json');
    api = new ApiDocument(json);
    anna = await Member.register(server, 'Anna');
    await anna.say('c-1', 'hello');
    busy = await beingMade(impatient);
});
afterAll(async () => {
    anna.close();
    await Promise.all([crowded.discard(), impatient.discard()]);
});

// --- The language of the table ---

interface Exchange {
    method: string;
    path: string;
    reply: Reply;
}

async function ask(
    method: string,
    path: string,
    options: RequestOptions = {},
    to: Server = server,
): Promise<Exchange> {
    return { method, path, reply: await request(to, method, path, options) };
}

const get = (path: string, headers = {}) => ask('GET', path, { headers });
const del = (path: string, headers = {}) => ask('DELETE', path, { headers });
const post = (path: string, body: string | Buffer = '', headers = {}) =>
    ask('POST', path, { body, headers });
const patch = (path: string, body: string, headers = {}) => ask('PATCH', path, { body, headers });

/** The head of a stream, which is closed then. */
async function stream(path: string): Promise<Exchange> {
    const open = await sseAt(server, path);
    open.close();
    const { status, headers } = open;
    return { method: 'GET', path, reply: { status, headers, text: '', json: undefined } };
}

const kForm = { 'content-type': 'application/x-www-form-urlencoded' };
const postForm = (form: string) => post('/api/events', form, kForm);

/** The same for a stream that a form asks for. */
async function formStream(form: string): Promise<Exchange> {
    const reply = await fetch(`${server.url}/api/events`, {
        method: 'POST',
        headers: kForm,
        body: form,
    });
    await reply.body?.cancel();
    const headers = Object.fromEntries(reply.headers.entries());
    return {
        method: 'POST',
        path: '/api/events',
        reply: { status: reply.status, headers, text: '', json: undefined },
    };
}

/** A handshake that is taken. */
async function upgrade(path: string): Promise<Exchange> {
    (await wsConnect(server, path)).close();
    return { method: 'GET', path, reply: { status: 101, headers: {}, text: '', json: undefined } };
}

/** What no well-behaved client would send. */
async function raw(bytes: string, to: Server = server): Promise<Exchange> {
    const [method = '', path = ''] = bytes.split(' ');
    const connection = await RawConnection.open(to);
    connection.send(bytes);
    const { status, head, body } = await connection.reply();
    connection.close();
    const headers = Object.fromEntries(
        [...head.matchAll(/^([^:\r\n]+): *(.*)\r$/gm)].map(([, name = '', value]) => [
            name.toLowerCase(),
            value,
        ]),
    );
    return { method, path, reply: { status, headers, text: body, json: JSON.parse(body) } };
}

// --- What the table needs to be there ---

const kEvil = { origin: 'http://evil.example' };
const kNobody = '00000000-0000-4000-8000-000000000000';
const kInstances = '/api/cloud/instances';

/** The path of an instance whose operation still runs. */
async function beingMade(to: Server = server): Promise<string> {
    const { reply } = await ask('POST', kInstances, {}, to);
    return `${kInstances}/${reply.json.id}`;
}

/** The path of an instance that is stopped. */
async function made(): Promise<string> {
    const path = await beingMade();
    await eventually('the instance is made', async () => {
        const { reply } = await get(path);
        return reply.json.op === undefined;
    });
    return path;
}

const kPetr = newUser();
const kOf = `?user_id=${kPetr}`;

/** The path of a new report. */
async function reported(): Promise<string> {
    return `${kReports}/${(await createdAs(server, kPetr, 'pending')).id}${kOf}`;
}

/** The path of one whose hundredth attempt was canceled; there is no other. */
async function exhausted(): Promise<string> {
    const path = await reported();
    for (let attempt = 1; attempt < 100; attempt += 1) {
        await patch(path, '{"status":"canceled"}');
        await patch(path, '{"status":"pending"}');
    }
    await patch(path, '{"status":"canceled"}');
    return path;
}

async function again(
    path: string,
    first: string,
    second: string,
    headers: Record<string, string>,
): Promise<Exchange> {
    await post(path, first, headers);
    return post(path, second, headers);
}

async function withReader(path: string, use: () => Promise<Exchange>): Promise<Exchange> {
    const reader = await sseAt(server, path);
    return use().finally(() => reader.close());
}

const full = useServer({ config: '[limits]\ntopics = 10\n' });
/** It keeps its topics to itself. */
const forgetful = useServer({
    config: '[server]\nlist_topics = false\n[limits]\nidempotency_keys = 2\n',
});
const keyed = (key: string) => ({ 'Idempotency-Key': key });

/** A list with something in it. */
async function listed(path: string): Promise<Exchange> {
    await publish(server, 'orders/one', 'x');
    await publish(server, 'orders/two', 'x');
    return get(path);
}

async function tooManyTopics(): Promise<Exchange> {
    // The last fifth is Howl's own.
    const names = Array.from({ length: 8 }, (_, n) => `filling/${n}`);
    for (const name of names) {
        await ask('POST', `/api/topics/${name}/events`, {}, full);
    }
    const refused = await ask('POST', '/api/topics/one-more/events', {}, full);
    for (const name of names) {
        await ask('DELETE', `/api/topics/${name}/events?scope=topic`, {}, full);
    }
    return refused;
}

async function tooManyKeys(path: string): Promise<Exchange> {
    for (const key of ['k1', 'k2']) {
        await ask('POST', path, { headers: keyed(key) }, forgetful);
    }
    return ask('POST', path, { headers: keyed('k3') }, forgetful);
}

async function tooManyConnections(): Promise<Exchange> {
    const held = await Promise.all(
        Array.from({ length: 20 }, () => sseAt(crowded, '/api/topics/held/events')),
    );
    return raw('GET /api/topics/held/events HTTP/1.1\r\nHost: localhost\r\n\r\n', crowded).finally(() =>
        held.forEach((one) => one.close()),
    );
}

// --- Operation, outcome, and how to bring it about ---

const kJson = 'application/json';
const kSse = 'text/event-stream';
const kEvents = '/api/topics/orders/new/events';
const kBadTopic = '/api/topics/a%2Fb';
const kInbox = '/api/inbox/anna/messages';
const kRoom = '/api/chat/rooms/lobby';
const kBadRoom = '/api/chat/rooms/LOBBY';
const kManyPatterns = Array.from({ length: 17 }, (_, n) => `pattern=${n}*`).join('&');
const kManyTopics = Array.from({ length: 129 }, (_, n) => `topic=t${n}`).join('&');

const table: [string, string, () => Promise<Exchange>][] = [
    ['listTopics', `200 ${kJson}`, () => listed('/api/topics?prefix=orders/&limit=1')],
    ['listTopics', '400 invalid_query', () => get('/api/topics?limit=1001')],
    ['listTopics', '403 topics_not_listed', () => ask('GET', '/api/topics', {}, forgetful)],
    ['listTopics', '403 origin_refused', () => get('/api/topics', kEvil)],

    ['publishEvent', `201 ${kJson}`, () => post(kEvents, 'x')],
    [
        'publishEvent',
        `200 ${kJson}`,
        () => again(kEvents, 'x', 'x', { 'idempotency-key': 'the same' }),
    ],
    ['publishEvent', '400 invalid_topic', () => post(`${kBadTopic}/events`, 'x')],
    ['publishEvent', '400 invalid_event_type', () => post(`${kEvents}?type=reset`, 'x')],
    [
        'publishEvent',
        '400 invalid_content_type',
        () => post(kEvents, 'x', { 'content-type': `text/${'x'.repeat(124)}` }),
    ],
    [
        'publishEvent',
        '400 invalid_idempotency_key',
        () => post(kEvents, 'x', { 'idempotency-key': 'k'.repeat(65) }),
    ],
    ['publishEvent', '400 invalid_utf8', () => post(kEvents, Buffer.from([0x61, 0xff]))],
    ['publishEvent', '403 topic_reserved', () => post('/api/topics/howl:cloud/events', 'x')],
    ['publishEvent', '403 origin_refused', () => post(kEvents, 'x', kEvil)],
    [
        'publishEvent',
        '409 idempotency_conflict',
        () => again(kEvents, 'x', 'y', { 'idempotency-key': 'another' }),
    ],
    ['publishEvent', '413 body_too_large', () => post(kEvents, 'x'.repeat(65_537))],

    ['readEvents', `200 ${kSse}`, () => stream(kEvents)],
    ['readEvents', `200 ${kJson}`, () => get(`${kEvents}?format=json`)],
    ['readEvents', '400 invalid_topic', () => get(`${kBadTopic}/events`)],
    ['readEvents', '400 invalid_query', () => get(`${kEvents}?format=json&limit=1001`)],
    ['readEvents', '400 invalid_cursor', () => get(`${kEvents}?lastEventId=nonsense`)],

    ['purgeEvents', '204', () => del('/api/topics/gone/events')],
    ['purgeEvents', '204', () => del('/api/topics/gone/events?scope=topic')],
    ['purgeEvents', '400 invalid_query', () => del('/api/topics/gone/events?scope=world')],
    ['purgeEvents', '400 invalid_topic', () => del(`${kBadTopic}/events`)],
    ['purgeEvents', '403 topic_reserved', () => del('/api/topics/howl:cloud/events')],
    ['purgeEvents', '403 origin_refused', () => del(kEvents, kEvil)],

    ['followBySocket', '101', () => upgrade('/api/topics/orders/new/ws')],
    ['followBySocket', '400 invalid_topic', () => get(`${kBadTopic}/ws`)],
    ['followBySocket', '400 invalid_query', () => get('/api/topics/a/ws?after=x&epoch=aaaa1111')],
    ['followBySocket', '400 invalid_cursor', () => get('/api/topics/a/ws?after=1')],
    ['followBySocket', '403 origin_refused', () => get('/api/topics/a/ws', kEvil)],
    ['followBySocket', '426 upgrade_required', () => get('/api/topics/a/ws')],

    [
        'listReaders',
        `200 ${kJson}`,
        () => withReader(`${kEvents}?as=Anna`, () => get('/api/topics/orders/new/presence')),
    ],
    ['listReaders', '400 invalid_topic', () => get(`${kBadTopic}/presence`)],
    ['listReaders', '400 invalid_query', () => get('/api/topics/a/presence?limit=0')],

    ['followTopics', `200 ${kSse}`, () => stream('/api/events?topic=a&topic=orders/new')],
    ['followTopics', '400 invalid_topic', () => get('/api/events?topic=%FF')],
    ['followTopics', '400 invalid_query', () => get('/api/events')],
    ['followTopics', '400 invalid_cursor', () => get('/api/events?topic=a&lastEventId=x')],
    ['followTopics', '400 too_many_subscriptions', () => get(`/api/events?${kManyTopics}`)],
    ['followTopics', `200 ${kSse}`, () => stream('/api/events?pattern=orders/*')],
    ['followTopics', '400 invalid_pattern', () => get('/api/events?pattern=orders')],
    ['followTopics', '400 too_many_patterns', () => get(`/api/events?${kManyPatterns}`)],
    ['followTopics', '403 topic_reserved', () => get('/api/events?pattern=howl:*')],
    [
        'followTopics',
        '403 topics_not_listed',
        () => ask('GET', '/api/events?pattern=*', {}, forgetful),
    ],
    ['followTopics', '403 origin_refused', () => get('/api/events?topic=a', kEvil)],

    ['followTopicsBySocket', '101', () => upgrade('/api/events/ws?topic=a&pattern=orders/*')],
    ['followTopicsBySocket', '400 invalid_topic', () => get('/api/events/ws?topic=%FF')],
    ['followTopicsBySocket', '400 invalid_query', () => get('/api/events/ws')],
    ['followTopicsBySocket', '400 invalid_cursor', () => get('/api/events/ws?topic=a&lastEventId=x')],
    ['followTopicsBySocket', '400 too_many_subscriptions', () => get(`/api/events/ws?${kManyTopics}`)],
    ['followTopicsBySocket', '400 invalid_pattern', () => get('/api/events/ws?pattern=orders')],
    ['followTopicsBySocket', '400 too_many_patterns', () => get(`/api/events/ws?${kManyPatterns}`)],
    ['followTopicsBySocket', '403 topic_reserved', () => get('/api/events/ws?pattern=howl:*')],
    [
        'followTopicsBySocket',
        '403 topics_not_listed',
        () => ask('GET', '/api/events/ws?pattern=*', {}, forgetful),
    ],
    ['followTopicsBySocket', '403 origin_refused', () => get('/api/events/ws?topic=a', kEvil)],
    ['followTopicsBySocket', '426 upgrade_required', () => get('/api/events/ws?topic=a')],

    ['followManyTopics', `200 ${kSse}`, () => formStream('topic=a&topic=orders/new')],
    ['followManyTopics', '400 invalid_topic', () => postForm('topic=%FF')],
    ['followManyTopics', '400 invalid_query', () => postForm('envelope=json')],
    ['followManyTopics', '400 invalid_cursor', () => postForm('topic=a&lastEventId=x')],
    ['followManyTopics', '400 too_many_subscriptions', () => postForm(kManyTopics)],
    ['followManyTopics', '400 invalid_pattern', () => postForm('pattern=orders')],
    ['followManyTopics', '400 too_many_patterns', () => postForm(kManyPatterns)],
    ['followManyTopics', '403 topic_reserved', () => postForm('pattern=howl:*')],
    [
        'followManyTopics',
        '403 topics_not_listed',
        () => ask('POST', '/api/events', { body: 'pattern=*', headers: kForm }, forgetful),
    ],
    ['followManyTopics', '403 origin_refused', () => post('/api/events', 'topic=a', { ...kForm, ...kEvil })],
    ['followManyTopics', '415 unsupported_data', () => post('/api/events', '{"topic":"a"}')],
    [
        'followManyTopics',
        '415 unsupported_data',
        () => post('/api/events', 'topic=a', { ...kForm, 'content-encoding': 'gzip' }),
    ],

    ['createInstance', `202 ${kJson}`, () => post(kInstances)],
    ['createInstance', `202 ${kJson}`, () => post(kInstances, '{"name":"web-1"}')],
    ['createInstance', '400 invalid_json', () => post(kInstances, '{"name"')],
    ['createInstance', '400 bad_request', () => post(kInstances, '{"name":1}')],
    [
        'createInstance',
        '400 invalid_idempotency_key',
        () => post(kInstances, '', { 'idempotency-key': 'k'.repeat(65) }),
    ],
    ['createInstance', '403 origin_refused', () => post(kInstances, '', kEvil)],
    ['createInstance', '409 limit_reached', () => ask('POST', kInstances, {}, impatient)],

    ['listInstances', `200 ${kJson}`, () => beingMade().then(() => get(kInstances))],
    ['showInstance', `200 ${kJson}`, async () => get(await beingMade())],
    ['showInstance', '404 not_found', () => get(`${kInstances}/${kNobody}`)],

    ['changeInstance', `202 ${kJson}`, async () => patch(await made(), '{"state":"running"}')],
    ['changeInstance', '400 invalid_json', async () => patch(await made(), 'running')],
    ['changeInstance', '400 bad_request', async () => patch(await made(), '{"state":"asleep"}')],
    [
        'changeInstance',
        '403 origin_refused',
        () => patch(`${kInstances}/${kNobody}`, '{"state":"running"}', kEvil),
    ],
    [
        'changeInstance',
        '404 not_found',
        () => patch(`${kInstances}/${kNobody}`, '{"state":"running"}'),
    ],
    [
        'changeInstance',
        '409 busy',
        () => ask('PATCH', busy, { body: '{"state":"running"}' }, impatient),
    ],
    ['changeInstance', '409 illegal_state', async () => patch(await made(), '{"state":"stopped"}')],

    ['removeInstance', `202 ${kJson}`, async () => del(await made())],
    ['removeInstance', '403 origin_refused', () => del(`${kInstances}/${kNobody}`, kEvil)],
    ['removeInstance', '404 not_found', () => del(`${kInstances}/${kNobody}`)],
    ['removeInstance', '409 busy', () => ask('DELETE', busy, {}, impatient)],

    ['followInstances', `200 ${kSse}`, () => stream('/api/cloud/events')],
    ['followInstances', '400 invalid_cursor', () => get('/api/cloud/events?lastEventId=x')],

    ['createReport', `201 ${kJson}`, () => post(kReports + kOf)],
    [
        'createReport',
        `200 ${kJson}`,
        () => again(kReports + kOf, '', '', { 'idempotency-key': 'the same' }),
    ],
    ['createReport', '400 invalid_query', () => post(kReports)],
    [
        'createReport',
        '400 invalid_idempotency_key',
        () => post(kReports + kOf, '', { 'idempotency-key': 'k'.repeat(65) }),
    ],
    ['createReport', '403 origin_refused', () => post(kReports + kOf, '', kEvil)],
    ['createReport', '409 limit_reached', () => ask('POST', kReports + kOf, {}, impatient)],
    ['listReports', `200 ${kJson}`, () => reported().then(() => get(kReports + kOf))],
    ['listReports', '400 invalid_query', () => get(`${kReports}?user_id=Petr`)],
    ['showReport', `200 ${kJson}`, async () => get(await reported())],
    ['showReport', '400 invalid_query', () => get(`${kReports}/${kNobody}`)],
    ['showReport', '404 not_found', () => get(`${kReports}/${kNobody}${kOf}`)],
    ['moveReport', `200 ${kJson}`, async () => patch(await reported(), '{"status":"queued"}')],
    ['moveReport', '400 invalid_query', () => patch(`${kReports}/${kNobody}`, '{}')],
    ['moveReport', '400 invalid_json', async () => patch(await reported(), 'queued')],
    ['moveReport', '400 bad_request', async () => patch(await reported(), '{"status":"asleep"}')],
    ['moveReport', '403 origin_refused', async () => patch(await reported(), '{}', kEvil)],
    [
        'moveReport',
        '404 not_found',
        () => patch(`${kReports}/${kNobody}${kOf}`, '{"status":"queued"}'),
    ],
    [
        'moveReport',
        '409 illegal_state',
        async () => patch(await reported(), '{"status":"completed"}'),
    ],
    [
        'moveReport',
        '409 limit_reached',
        async () => patch(await exhausted(), '{"status":"pending"}'),
    ],
    ['followReports', `200 ${kSse}`, () => stream(`${kReports}/events${kOf}`)],
    ['followReports', '400 invalid_query', () => get(`${kReports}/events`)],
    ['followReports', '400 invalid_cursor', () => get(`${kReports}/events${kOf}&lastEventId=x`)],

    ['listMembers', `200 ${kJson}`, () => get(`${kRoom}/members`)],
    ['listMembers', '400 invalid_topic', () => get(`${kBadRoom}/members`)],
    ['listMembers', '400 invalid_query', () => get(`${kRoom}/members?after=x`)],
    ['listMessages', `200 ${kJson}`, () => get(`${kRoom}/messages`)],
    ['listMessages', '400 invalid_topic', () => get(`${kBadRoom}/messages`)],
    ['listMessages', '400 invalid_query', () => get(`${kRoom}/messages?limit=0`)],
    ['judgeName', `200 ${kJson}`, () => get(`${kRoom}/names/Petr`)],
    ['judgeName', `200 ${kJson}`, () => get(`${kRoom}/names/anna`)],
    ['judgeName', '400 invalid_utf8', () => get(`${kRoom}/names/%FF`)],
    ['judgeName', '400 invalid_topic', () => get(`${kBadRoom}/names/Anna`)],
    ['joinRoom', '101', () => upgrade(`${kRoom}/ws`)],
    ['joinRoom', '400 invalid_topic', () => get(`${kBadRoom}/ws`)],
    ['joinRoom', '403 origin_refused', () => get(`${kRoom}/ws`, kEvil)],
    ['joinRoom', '426 upgrade_required', () => get(`${kRoom}/ws`)],

    ['sendMessage', `201 ${kJson}`, () => post(kInbox, 'x')],
    [
        'sendMessage',
        `200 ${kJson}`,
        () => again(kInbox, 'x', 'x', { 'idempotency-key': 'the same' }),
    ],
    [
        'sendMessage',
        '400 invalid_topic',
        () => post(`/api/inbox/${'a'.repeat(256)}/messages`, 'x'),
    ],
    [
        'sendMessage',
        '400 invalid_idempotency_key',
        () => post(kInbox, 'x', { 'idempotency-key': 'k'.repeat(65) }),
    ],
    ['sendMessage', '400 invalid_utf8', () => post(kInbox, Buffer.from([0x61, 0xff]))],
    ['sendMessage', '403 origin_refused', () => post(kInbox, 'x', kEvil)],
    [
        'sendMessage',
        '409 idempotency_conflict',
        () => again(kInbox, 'x', 'y', { 'idempotency-key': 'another' }),
    ],
    ['sendMessage', '413 body_too_large', () => post(kInbox, 'x'.repeat(65_537))],

    ['showStats', `200 ${kJson}`, () => get('/api/stats')],
    ['showDocument', `200 ${kJson}`, () => get('/api/openapi.json')],

    ['readEvents', '400 bad_request', () => get('/api/topics/a%00/events')],
    ['followInstances', '403 origin_refused', () => get('/api/cloud/events', kEvil)],
    [
        'publishEvent',
        '415 unsupported_data',
        () => post(kEvents, 'x', { 'content-encoding': 'gzip' }),
    ],
    [
        'publishEvent',
        '400 ambiguous_framing',
        () =>
            raw(
                `POST ${kEvents} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
            ),
    ],
    ['readEvents', '404 not_found', () => get('/api/nothing')],
    ['showDocument', '405 method_not_allowed', () => ask('PUT', '/api/openapi.json')],
    [
        'publishEvent',
        '408 request_timeout',
        () => raw(`POST ${kEvents} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n`, impatient),
    ],
    ['createInstance', '413 body_too_large', () => post(kInstances, 'x'.repeat(1_048_577))],
    ['readEvents', '414 target_too_long', () => get(`${kEvents}?as=${'x'.repeat(8_192)}`)],
    [
        'publishEvent',
        '417 expectation_failed',
        () =>
            raw(
                `POST ${kEvents} HTTP/1.1\r\nHost: localhost\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n`,
            ),
    ],
    [
        'showStats',
        '421 misdirected',
        () => raw('GET /api/stats HTTP/1.1\r\nHost: evil.example\r\n\r\n'),
    ],
    ['readEvents', '431 headers_too_large', () => get(kEvents, { long: 'x'.repeat(16_384) })],
    ['readEvents', '503 too_many_connections', tooManyConnections],
    ['publishEvent', '507 too_many_topics', tooManyTopics],
    ['publishEvent', '429 rate_limited', () => tooManyKeys('/api/topics/one/events')],
    ['sendMessage', '429 rate_limited', () => tooManyKeys('/api/inbox/anna/messages')],
    [
        'readEvents',
        '505 http_version_not_supported',
        () => raw(`GET ${kEvents} HTTP/2.0\r\nHost: localhost\r\n\r\n`),
    ],
];

/** Documented, but not to be had from outside a healthy server. */
const unseen: Record<string, string> = {
    version_conflict: 'two commands have to overlap between reading and writing',
    pattern_too_wide: 'a thousand topics have to be there: topic_model.test.ts',
    overloaded: '50,000 events have to wait for the disk',
    draining: 'the server has to be going down: drain.test.ts',
    storage_full: 'the disk has to be full: disk_full.test.ts',
    storage_failed: 'the disk has to fail',
    read_failed: 'the disk has to fail',
    internal: 'would be a bug',
    system: 'the operating system has to refuse',
};

/** Whoever needs a new topic is refused in the same words. */
const seenOnceIsEnough = ['too_many_topics'];

// --- The tests ---

test('an independent validator finds nothing wrong with it', async () => {
    const checked = await new Validator().validate(structuredClone(api.document));
    expect(checked.errors ?? []).toEqual([]);
    expect(api.document.openapi).toMatch(/^3\.1\./);
});

test('it has the version of the program', () => {
    const said = execFileSync(howlBinary, ['--version']).toString().trim();
    expect(said).toBe(`howl ${api.document.info.version}`);
});

test('each example is what its schema asks for', () => {
    const schemas: [string, any][] = Object.entries(api.document.components.schemas);
    for (const [name, { examples = [] }] of schemas) {
        for (const example of examples) {
            expect(api.objectionsToValue(api.schema(name), example), name).toEqual([]);
        }
    }
});

describe('a request', () => {
    test.each(table)('%s: %s', async (id, outcome, perform) => {
        const operation = api.operations.get(id)!;
        const { method, path, reply } = await perform();
        const what = reply.json?.code ?? mediaOf(reply);
        expect(`${reply.status} ${what}`.trim(), reply.text).toBe(outcome);
        expect(api.objections(operation, reply)).toEqual([]);
        if (!api.sharedCodes.includes(what)) {
            expect(path.split('?')[0]).toMatch(operation.path);
            expect(method).toBe(operation.method);
        }
        seen.add(`${id} ${outcome}`).add(what);
    });
});

describe('what comes over streams', () => {
    test('an envelope, and an event of a topic over WebSocket', async () => {
        const socket = await wsConnect(server, '/api/topics/shapes/ws');
        const reader = await sseAt(server, '/api/topics/shapes/events?envelope=json');
        await publish(server, 'shapes', 'x');
        const envelopes = [await socket.next(), JSON.parse((await reader.next()).data)];
        for (const envelope of envelopes) {
            expect(api.objectionsToValue(api.schema('Envelope'), envelope)).toEqual([]);
        }
        socket.close();
        reader.close();
    });

    test('what the stream of a page says of itself', async () => {
        const quick = '[sse]\npage_heartbeat = "100ms"\n[server]\ndrain_time = "1s"\n';
        await withServer({ config: quick }, async (draining) => {
            const page = await eventSource(draining, '/api/events?topic=a&envelope=json', [
                'hb',
                'drain',
            ]);
            const heartbeat = JSON.parse((await page.next()).data);
            expect(api.objectionsToValue(api.schema('Heartbeat'), heartbeat)).toEqual([]);
            const ended = draining.stop();
            let event = await page.next();
            while (event.type !== 'drain') {
                event = await page.next();
            }
            const objections = api.objectionsToValue(api.schema('Drain'), JSON.parse(event.data));
            expect(objections).toEqual([]);
            page.close();
            await ended;
        });
    });

    test('events of the instances', async () => {
        const reader = await sseAt(server, '/api/cloud/events');
        await made();
        const types = new Set<string>();
        while (!types.has('created')) {
            const { type, data } = await reader.next();
            types.add(type);
            const objections = api.objectionsToValue(api.schema('InstanceEvent'), JSON.parse(data));
            expect(objections, data).toEqual([]);
            expect(api.objectionsToValue(api.schema('InstanceEventType'), type)).toEqual([]);
        }
        expect([...types]).toContain('received');
        reader.close();
    });

    test('events of the reports', async () => {
        const user = newUser();
        const reader = await sseAt(server, `${kReports}/events?user_id=${user}`);
        await createdAs(server, user, 'completed');
        const types = new Set<string>();
        for (const { type, data } of await reader.take(4)) {
            types.add(type);
            const objections = api.objectionsToValue(api.schema('ReportEvent'), JSON.parse(data));
            expect(objections, data).toEqual([]);
            expect(api.objectionsToValue(api.schema('ReportEventType'), type)).toEqual([]);
        }
        expect([...types]).toEqual(['report_created', 'report_status_update']);
        reader.close();
    });

    test('each kind of message of the chat', async () => {
        const room = await wsConnect(server, `${kRoom}/ws`);
        const say = (message: object) => {
            expect(api.objectionsToValue(api.schema('ChatRequest'), message)).toEqual([]);
            room.send(message);
        };
        const heard = new Set<string>();
        const hear = async (...types: string[]) => {
            while (!types.every((type) => heard.has(type))) {
                const message = await room.next(types.join());
                heard.add(message.type);
                const objections = api.objectionsToValue(api.schema('ChatReply'), message);
                expect(objections, JSON.stringify(message)).toEqual([]);
            }
        };
        say({ type: 'register', name: 'Anna' });
        await hear('refused');
        say({ type: 'register', name: 'Petr' });
        await hear('registered', 'snapshot');
        say({ type: 'send', id: 'c-2', text: 'hello' });
        await hear('ack', 'message');
        say({ type: 'history', limit: 1 });
        say({ type: 'ping' });
        await hear('history', 'pong');
        room.send({ type: 'nonsense' });
        anna.socket.send({ type: 'typing' });
        await hear('error', 'typing');
        const guest = await Member.register(server, 'Guest of Petr');
        guest.socket.send({ type: 'leave' });
        await hear('join', 'leave');
        guest.close();
        say({ type: 'leave' });
        await hear('left');
        room.close();
    });

    test('a message of the chat for whose author nobody vouches', async () => {
        const reader = await Member.register(server, 'Reader');
        const stranger = await wsConnect(server, '/compat/chat-relay/ws');
        stranger.send({ type: 'send', message: 'hi', user: { id: '7d0c', name: 'Robert' } });
        const message = await reader.hear('message');
        expect(message).toMatchObject({ user: { id: '' }, unverified: true });
        expect(api.objectionsToValue(api.schema('ChatReply'), message)).toEqual([]);
        stranger.close();
        reader.close();
    });

    test('a snapshot of a room with more members than it holds', async () => {
        await withServer({ config: '[limits]\nqueue_bytes = 65536\n' }, async (small) => {
            const crowd: Member[] = [];
            while (!crowd.at(-1)?.snapshot?.moreMembers) {
                crowd.push(await Member.register(small, `Somebody called ${crowd.length}`));
            }
            const { snapshot } = crowd.at(-1)!;
            expect(api.objectionsToValue(api.schema('ChatReply'), snapshot)).toEqual([]);
            crowd.forEach((one) => one.close());
        });
    });
});

test('everything that is documented was seen, or says why it was not', () => {
    const missing: string[] = [];
    const unseenHere = new Set<string>();
    for (const operation of api.operations.values()) {
        for (const outcome of api.outcomes(operation)) {
            const what = outcome.split(' ')[1] ?? '';
            if (what in unseen) {
                unseenHere.add(what);
            } else if (!seen.has(`${operation.id} ${outcome}`)) {
                const shared =
                    (api.sharedCodes.includes(what) || seenOnceIsEnough.includes(what)) &&
                    seen.has(what);
                missing.push(...(shared ? [] : [`${operation.id} ${outcome}`]));
            }
        }
    }
    expect(missing).toEqual([]);
    expect(Object.keys(unseen).filter((code) => !unseenHere.has(code))).toEqual([]);
    expect(Object.keys(unseen).filter((code) => seen.has(code))).toEqual([]);
});
