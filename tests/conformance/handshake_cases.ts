// SPDX-License-Identifier: Apache-2.0
// The opening handshake (RFC 6455 section 4) and the negotiation of permessage-deflate (RFC 7692
// section 5): request text in, status and header out. {host} stands for the server's address.

import { frame, kText } from './websocket_wire.ts';

export interface HandshakeCase {
    name: string;
    request: string;
    status: number | number[];
    /** Patterns that the reply's head must match, and must not. */
    has?: RegExp[];
    hasNot?: RegExp[];
    /** Frames written in the same segment as the request, and what must come back for them. */
    trailing?: Buffer;
    hears?: string[];
    /** The request goes out in segments of this many bytes. */
    chop?: number;
    /** The server must answer without waiting for more, and then close. */
    closes?: boolean;
    deadlineMs?: number;
}

const kKey = 'dGhlIHNhbXBsZSBub25jZQ==';
const kAccept = /^sec-websocket-accept: *s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/im;

interface Parts {
    line?: string;
    /** Replaces headers of the good request by name; undefined leaves one out. */
    change?: Record<string, string | undefined>;
    add?: string[];
    after?: string;
}

const kGood: Record<string, string> = {
    Host: '{host}',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': kKey,
    'Sec-WebSocket-Version': '13',
};

export function upgradeRequest(parts: Parts = {}): string {
    const headers = Object.entries({ ...kGood, ...parts.change })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}: ${value}`);
    const lines = [parts.line ?? 'GET /compat/echo HTTP/1.1', ...headers, ...(parts.add ?? [])];
    return `${lines.join('\r\n')}\r\n\r\n${parts.after ?? ''}`;
}

const kRefused = [400, 403, 405, 411, 417, 426, 501, 505];
const hello = frame(kText, 'Hello');

function accepted(name: string, parts: Parts, rest: Partial<HandshakeCase> = {}): HandshakeCase {
    const { has = [], ...others } = rest;
    return {
        name: `H accepts ${name}`,
        request: upgradeRequest(parts),
        status: 101,
        has: [kAccept, /^upgrade: *websocket\r$/im, /^connection: *upgrade\r$/im, ...has],
        trailing: hello,
        hears: ['text Hello'],
        ...others,
    };
}

function refused(
    name: string,
    status: number | number[],
    parts: Parts,
    rest: Partial<HandshakeCase> = {},
): HandshakeCase {
    return {
        name: `H refuses ${name}`,
        request: upgradeRequest(parts),
        status,
        hasNot: [/^sec-websocket-accept:/im],
        ...rest,
    };
}

const with_ = (name: string, value: string | undefined): Parts => ({ change: { [name]: value } });
const with13 = { has: [/^sec-websocket-version: *13\r$/im] };
const noExtension = { hasNot: [/^sec-websocket-extensions:/im] };
const padding = (total: number) => {
    const bare =
        upgradeRequest({ add: ['X-Padding: '] }).length -
        '{host}'.length +
        '127.0.0.1:12345'.length;
    return `X-Padding: ${'x'.repeat(total - bare)}`;
};
const lines = (count: number) =>
    Array.from({ length: count - Object.keys(kGood).length }, (_, at) => `X-Line-${at}: x`);

const handshakes: HandshakeCase[] = [
    accepted('the example of RFC 6455', {}),
    accepted('a request that comes byte by byte', {}, { chop: 1 }),
    accepted('Upgrade as a list', with_('Upgrade', 'h2c, websocket')),
    accepted('Upgrade in capitals', with_('Upgrade', 'WEBSOCKET')),
    accepted('Upgrade in mixed case', with_('Upgrade', 'WebSocket')),
    accepted('Connection as a list', with_('Connection', 'keep-alive, Upgrade')),
    accepted(
        'Connection as a list the other way round',
        with_('Connection', 'Upgrade, keep-alive'),
    ),
    accepted('Connection without spaces in the list', with_('Connection', 'keep-alive,upgrade')),
    accepted('Connection in capitals', with_('Connection', 'UPGRADE')),
    accepted('Connection in two lines', { add: ['Connection: keep-alive'] }),
    accepted('header names in small letters', {
        change: { Upgrade: undefined, Connection: undefined },
        add: ['upgrade: websocket', 'connection: upgrade'],
    }),
    accepted('header names in capitals', {
        change: { 'Sec-WebSocket-Key': undefined },
        add: [`SEC-WEBSOCKET-KEY: ${kKey}`],
    }),
    accepted('values with spaces around', {
        change: { 'Sec-WebSocket-Key': `  ${kKey}  `, 'Sec-WebSocket-Version': ' 13 ' },
    }),
    accepted('no Origin', {}),
    accepted('its own Origin', { add: ['Origin: http://{host}'] }),
    accepted('a query string', { line: 'GET /compat/echo?a=b HTTP/1.1' }),
    accepted(
        'subprotocols, of which it picks an offered one or none',
        { add: ['Sec-WebSocket-Protocol: chat, superchat'] },
        {
            hasNot: [/^sec-websocket-protocol:(?! *(chat|superchat)\r)/im],
        },
    ),
    accepted('no subprotocol, and invents none', {}, { hasNot: [/^sec-websocket-protocol:/im] }),
    accepted('no extension, and invents none', {}, noExtension),
    accepted(
        'an unknown extension by ignoring it',
        { add: ['Sec-WebSocket-Extensions: x-unknown; a=1'] },
        noExtension,
    ),
    accepted('100 header lines', { add: lines(100) }),
    accepted('a head of 16 KiB', { add: [padding(16 * 1024 - 16)] }),
    accepted('a Content-Length of 0', { add: ['Content-Length: 0'] }),
    refused(
        'a plain GET',
        426,
        { change: { Upgrade: undefined, Connection: 'keep-alive' } },
        with13,
    ),
    refused('another Upgrade', 426, with_('Upgrade', 'h2c'), with13),
    refused('no Upgrade', [400, 426], with_('Upgrade', undefined)),
    refused('Upgrade that only looks right', [400, 426], with_('Upgrade', 'websockets')),
    refused('no Connection', [400, 426], with_('Connection', undefined)),
    refused('Connection that does not name Upgrade', [400, 426], with_('Connection', 'keep-alive')),
    refused('POST', [400, 405], { line: 'POST /compat/echo HTTP/1.1', add: ['Content-Length: 0'] }),
    refused('PUT', [400, 405], { line: 'PUT /compat/echo HTTP/1.1', add: ['Content-Length: 0'] }),
    refused('HEAD', [400, 405, 426], { line: 'HEAD /compat/echo HTTP/1.1' }),
    refused('CONNECT', kRefused.concat(404), { line: 'CONNECT /compat/echo HTTP/1.1' }),
    refused('HTTP/1.0', [400, 426, 505], { line: 'GET /compat/echo HTTP/1.0' }),
    refused('HTTP/2.0', [400, 505], { line: 'GET /compat/echo HTTP/2.0' }, { closes: true }),
    refused('no Host', 400, with_('Host', undefined), { closes: true }),
    refused('two Hosts', 400, { add: ['Host: other.example'] }, { closes: true }),
    refused('two equal Hosts', 400, { add: ['Host: {host}'] }, { closes: true }),
    refused('no version', 426, with_('Sec-WebSocket-Version', undefined), with13),
    refused('version 8', 426, with_('Sec-WebSocket-Version', '8'), with13),
    refused('version 12', 426, with_('Sec-WebSocket-Version', '12'), with13),
    refused('version 14', 426, with_('Sec-WebSocket-Version', '14'), with13),
    refused('version 013', 426, with_('Sec-WebSocket-Version', '013'), with13),
    refused('a version that is no number', 426, with_('Sec-WebSocket-Version', 'abc'), with13),
    refused('an empty version', 426, with_('Sec-WebSocket-Version', ''), with13),
    refused('no key', 400, with_('Sec-WebSocket-Key', undefined)),
    refused('an empty key', 400, with_('Sec-WebSocket-Key', '')),
    refused('a key of 15 bytes', 400, with_('Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAA')),
    refused('a key of 17 bytes', 400, with_('Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAAA=')),
    refused(
        'a key that is not base64',
        400,
        with_('Sec-WebSocket-Key', '!GhlIHNhbXBsZSBub25jZQ=='),
    ),
    refused('a key without padding', 400, with_('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ')),
    refused('two keys', 400, { add: ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='] }),
    refused('an unknown path', 404, { line: 'GET /no/such/path HTTP/1.1' }),
    refused('another Origin', 403, { add: ['Origin: http://evil.example'] }),
    refused('Origin null', 403, { add: ['Origin: null'] }),
    refused('101 header lines', 431, { add: lines(101) }, { closes: true }),
    refused('a head over 16 KiB', 431, { add: [padding(16 * 1024 + 16)] }, { closes: true }),
    refused(
        'an endless head before it ends',
        431,
        { add: [`X-Padding: ${'x'.repeat(20_000)}`] },
        { closes: true },
    ),
    refused('an unknown Expect', 417, { add: ['Expect: a-miracle'] }),
    refused('a body', kRefused, { add: ['Content-Length: 5'], after: 'hello' }),
    refused(
        'Transfer-Encoding',
        kRefused,
        { add: ['Transfer-Encoding: chunked'], after: '0\r\n\r\n' },
        { closes: true },
    ),
    refused(
        'Transfer-Encoding and Content-Length',
        [400],
        { add: ['Transfer-Encoding: chunked', 'Content-Length: 5'], after: '0\r\n\r\n' },
        { closes: true },
    ),
    refused('a folded header', 400, { add: ['X-Folded: a', ' b'] }, { closes: true }),
    refused('a space before a colon', 400, { add: ['X-Space : a'] }, { closes: true }),
    refused('a bare LF', 400, { add: ['X-Bare: a\nX-More: b'] }, { closes: true }),
    refused('a NUL in a header', 400, { add: ['X-Nul: a\0b'] }, { closes: true }),
    {
        name: 'H refuses a stalled handshake in time',
        request: 'GET /compat/echo HTTP/1.1\r\nHost: {host}\r\n',
        status: 408,
        closes: true,
        deadlineMs: 15_000,
    },
    {
        name: 'H accepts an upgrade after another request on the same connection',
        request: `GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n${upgradeRequest()}`,
        status: 200,
        has: [/HTTP\/1\.1 101 /, kAccept],
    },
];

// --- Negotiation of permessage-deflate; both servers get the same offers ---

function offer(extensions: string, answer: RegExp | 'declined'): HandshakeCase {
    return {
        name: `N ${answer === 'declined' ? 'declines' : 'accepts'} "${extensions.slice(0, 90)}"`,
        request: upgradeRequest({ add: [`Sec-WebSocket-Extensions: ${extensions}`] }),
        status: 101,
        trailing: hello,
        hears: ['text Hello'],
        has: answer === 'declined' ? [] : [answer],
        hasNot: answer === 'declined' ? [/^sec-websocket-extensions:/im] : [],
    };
}

const yes = /^sec-websocket-extensions: *permessage-deflate(; *[^,\r]*)?\r$/im;
const noContext = /^sec-websocket-extensions: *permessage-deflate.*server_no_context_takeover/im;
const yesOrNo = /HTTP\/1\.1 101 /;

export const negotiations: HandshakeCase[] = [
    offer('permessage-deflate', yes),
    offer('permessage-deflate; client_max_window_bits', yes),
    offer('permessage-deflate; client_max_window_bits=15', yes),
    offer('permessage-deflate; server_no_context_takeover', noContext),
    offer('permessage-deflate; client_no_context_takeover', yes),
    offer('permessage-deflate; server_max_window_bits=15', yes),
    offer('permessage-deflate; server_max_window_bits="15"', yes),
    offer('permessage-deflate; server_max_window_bits=10; client_max_window_bits', yesOrNo),
    offer('permessage-deflate; server_max_window_bits=8', yesOrNo),
    offer('permessage-deflate; server_max_window_bits', 'declined'),
    offer('permessage-deflate; server_max_window_bits=7', 'declined'),
    offer('permessage-deflate; server_max_window_bits=16', 'declined'),
    offer('permessage-deflate; server_max_window_bits=08', 'declined'),
    offer('permessage-deflate; server_max_window_bits=99999999999999999999', 'declined'),
    offer('permessage-deflate; server_max_window_bits=abc', 'declined'),
    offer('permessage-deflate; client_max_window_bits=16', 'declined'),
    offer('permessage-deflate; client_max_window_bits=7', 'declined'),
    offer('permessage-deflate; client_max_window_bits; client_max_window_bits', 'declined'),
    offer('permessage-deflate; server_no_context_takeover; server_no_context_takeover', 'declined'),
    offer('permessage-deflate; server_no_context_takeover=1', 'declined'),
    offer('permessage-deflate; client_no_context_takeover=true', 'declined'),
    offer('permessage-deflate; unknown_parameter', 'declined'),
    offer('permessage-deflate; unknown_parameter=1, permessage-deflate', yes),
    offer('x-unknown, permessage-deflate; client_max_window_bits', yes),
    offer('x-webkit-deflate-frame', 'declined'),
    offer('permessage-deflated', 'declined'),
];

export const declined: HandshakeCase[] = negotiations
    .filter((one) => one.has?.[0] === yes)
    .map((one) => ({
        ...one,
        name: one.name.replace('N accepts', 'N, with compression off, declines'),
        has: [],
        hasNot: [/^sec-websocket-extensions:/im],
    }));

export const handshakeCases = handshakes;
