// SPDX-License-Identifier: Apache-2.0
// Requests that other programs, scripts or curl send to the server.

import type { Address } from '../../harness/verbs.ts';

export async function call<T = unknown>(
    server: Address,
    method: string,
    path: string,
    body?: unknown,
): Promise<T> {
    const init: RequestInit = { method };
    if (typeof body === 'string') {
        init.body = body;
        init.headers = { 'content-type': 'text/plain; charset=utf-8' };
    } else if (body !== undefined) {
        init.body = JSON.stringify(body);
        init.headers = { 'content-type': 'application/json' };
    }
    const reply = await fetch(server.url + path, init);
    const text = await reply.text();
    if (!reply.ok) {
        throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
}
