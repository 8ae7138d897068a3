// SPDX-License-Identifier: Apache-2.0
// The API as the server's document describes it, and a check of replies against it.

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Reply } from './verbs.ts';

type Json = any;
const kMethods = ['get', 'post', 'patch', 'delete'];
const kProblem = 'application/problem+json';

export interface Operation {
    id: string;
    method: string;
    /** Of a path without its query. */
    path: RegExp;
    /** By status, or `default`; references are resolved. */
    responses: Record<string, Json>;
}

export class ApiDocument {
    readonly operations = new Map<string, Operation>();
    private readonly ajv = new Ajv2020.default({ strict: false, allErrors: true });

    constructor(readonly document: Json) {
        addFormats.default(this.ajv);
        this.ajv.addSchema(closed(document), 'openapi');
        for (const [path, item] of Object.entries<Json>(document.paths)) {
            for (const method of kMethods.filter((name) => name in item)) {
                this.add(path, method, item[method]);
            }
        }
    }

    /** `200 application/json`, `204`, `404 not_found`, ..., `default internal`. */
    outcomes(operation: Operation): string[] {
        return Object.entries(operation.responses).flatMap(([status, { content }]) =>
            Object.keys(content ?? { '': {} })
                .flatMap((media) => (media === kProblem ? this.codes(content) : [media]))
                .map((what) => `${status} ${what}`.trim()),
        );
    }

    /** What any operation may answer, whatever it does. */
    get sharedCodes(): string[] {
        return this.codes(this.document.components.responses.AnyRequest.content);
    }

    /** How this reply contradicts the document; empty: it does not. */
    objections(operation: Operation, reply: Reply): string[] {
        const response = operation.responses[reply.status] ?? operation.responses['default'];
        const missing = Object.entries<Json>(response.headers ?? {})
            .filter(([, header]) => this.resolved(header).required)
            .filter(([name]) => reply.headers[name.toLowerCase()] === undefined)
            .map(([name]) => `there is no header ${name}`);
        if (response.content === undefined) {
            return reply.text === '' ? missing : [...missing, 'there is a body'];
        }
        const media = mediaOf(reply);
        const schema = response.content[media]?.schema;
        return schema === undefined
            ? [...missing, `${media} is not documented`]
            : [...missing, ...this.objectionsToValue(schema, reply.json ?? reply.text)];
    }

    /** The same for a value that a schema of the document describes. */
    objectionsToValue(schema: Json, value: unknown): string[] {
        const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
        const validate = this.ajv.compile(own);
        return validate(value)
            ? []
            : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
    }

    schema(name: string): Json {
        return { $ref: `#/components/schemas/${name}` };
    }

    private add(path: string, method: string, item: Json): void {
        // {topic} stands for several segments, the others for one.
        const pattern = path
            .replaceAll('.', '\\.')
            .replaceAll('{topic}', '.+')
            .replaceAll(/\{\w+\}/g, '[^/]+');
        this.operations.set(item.operationId, {
            id: item.operationId,
            method: method.toUpperCase(),
            path: new RegExp(`^${pattern}$`),
            responses: Object.fromEntries(
                Object.entries<Json>(item.responses).map(([status, response]) => [
                    status,
                    this.resolved(response),
                ]),
            ),
        });
    }

    private codes(content: Json): string[] {
        return content[kProblem].schema.properties.code.enum;
    }

    private resolved(item: Json): Json {
        return item.$ref === undefined
            ? item
            : item.$ref
                  .slice(2)
                  .split('/')
                  .reduce((place: Json, part: string) => place[part], this.document);
    }
}

export function mediaOf(reply: Reply): string {
    return String(reply.headers['content-type'] ?? '').split(';')[0] ?? '';
}

/** Clients ignore what they don't know. Tests don't: what is sent has to be documented. */
function closed(value: Json): Json {
    if (Array.isArray(value)) {
        return value.map(closed);
    }
    if (value === null || typeof value !== 'object') {
        return value;
    }
    const copy = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, closed(v)]));
    return copy['type'] === 'object' && 'properties' in copy
        ? { ...copy, unevaluatedProperties: false }
        : copy;
}
