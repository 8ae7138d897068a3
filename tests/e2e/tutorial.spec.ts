// SPDX-License-Identifier: Apache-2.0
// docs/tutorial-eventsource.md and the README's page, followed as they are written: by a page of another origin in a real
// browser. Only the two ports are others, since a test takes what is free.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { test as base, expect, type Page } from '@playwright/test';
import { Server } from '../harness/server_process.ts';

const tutorial = readFileSync(new URL('../../docs/tutorial-eventsource.md', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The first block of a document in a language, or, with `word`, the first that has it. */
function block(text: string, language: string, word = ''): string {
    const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, kind, code = '']) => ({ kind, code }));
    const found = blocks.find(({ kind, code }) => kind === language && code.includes(word));
    if (!found) {
        throw new Error(`no block of '${language}' with '${word}'`);
    }
    return found.code;
}

interface Site {
    /** `http://localhost:PORT`, which has a page, once it was given one. */
    origin: string;
    page: string;
}

const test = base.extend<{ site: Site; begin: (config?: string) => Promise<Server> }>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures here
    site: async ({}, use) => {
        const site: Site = { origin: '', page: '' };
        const server = createServer((_request, reply) => {
            reply.setHeader('content-type', 'text/html; charset=utf-8');
            reply.end(site.page);
        });
        await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
        site.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
        await use(site);
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    },
    begin: async ({ site }, use) => {
        let howl: Server | undefined;
        await use(async (config = '') => {
            howl = new Server({ config: config.replaceAll('http://localhost:9000', site.origin) });
            await howl.start();
            return howl;
        });
        await howl?.discard();
    },
});

/** The commands and the page, for the server that this test has. */
const here = (text: string, howl: Server) => text.replaceAll('http://127.0.0.1:8080', howl.url);

const lines = (page: Page) => page.getByRole('listitem');

test('the tutorial, step by step', async ({ site, begin, page }) => {
    expect(block(tutorial, '', 'http.server')).toContain('python3 -m http.server 9000');
    const howl = await begin(block(tutorial, 'toml'));
    site.page = here(block(tutorial, 'html'), howl);
    await page.goto(site.origin);
    const state = page.locator('#state');
    await expect(state).toHaveText('live');

    const curl = here(block(tutorial, '', 'curl -d'), howl);
    await promisify(execFile)('sh', ['-c', curl]);
    await expect(lines(page)).toHaveText(['hello, pack']);
    await page.getByRole('textbox', { name: 'Text' }).fill('from the page');
    await page.getByRole('button', { name: 'Publish' }).click();
    await expect(lines(page)).toHaveText(['hello, pack', 'from the page']);
    await expect(page.getByRole('textbox', { name: 'Text' })).toHaveValue('');

    await howl.kill9();
    await expect(state).toHaveText('reconnecting');
    await howl.start();
    await promisify(execFile)('sh', ['-c', curl.replace('hello, pack', 'you are back')]);
    await expect(state).toHaveText('live', { timeout: 30_000 });
    await expect(lines(page)).toHaveText(['hello, pack', 'from the page', 'you are back']);
});

test('without the first step the page gets nothing, as the tutorial says', async ({ site, begin, page }) => {
    const howl = await begin();
    site.page = here(block(tutorial, 'html'), howl);
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(site.origin);
    await expect(page.locator('#state')).toHaveText(/reconnecting|refused/);
    await expect.poll(() => said.join('\n')).toContain('Access-Control-Allow-Origin');
    await promisify(execFile)('sh', ['-c', here(block(tutorial, '', 'curl -d'), howl)]);
    await page.getByRole('textbox', { name: 'Text' }).fill('from the page');
    const answer = page.waitForEvent('requestfailed', (request) => request.resourceType() === 'fetch');
    await page.getByRole('button', { name: 'Publish' }).click();
    await answer;
    await expect(lines(page)).toHaveCount(0);
});

test("the README's page works from another origin with the setting that it names", async ({ site, begin, page }) => {
    const howl = await begin(block(readme, 'toml'));
    site.page = `<!doctype html><script type="module">${here(block(readme, 'js'), howl)}</script>`;
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    const stream = page.waitForResponse((response) => response.url().includes('/api/topics/news/events'));
    await page.goto(site.origin);
    expect((await stream).headers()['access-control-allow-origin']).toBe(site.origin);
    const publish = /^curl -d .*$/m.exec(readme)?.[0] ?? '';
    await promisify(execFile)('sh', ['-c', here(publish, howl)]);
    await expect.poll(() => said).toEqual(['hello, pack']);
});
