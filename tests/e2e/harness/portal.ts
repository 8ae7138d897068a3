// SPDX-License-Identifier: Apache-2.0
// A server with the portal for each journey, and the people who visit it.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test as base, type BrowserContextOptions, type Page } from '@playwright/test';
import { Server } from '../../harness/server_process.ts';
import { Watch } from './watch.ts';

export { expect } from '@playwright/test';

const portalDir = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export type Locale = 'en' | 'ru';
export type Theme = 'light' | 'dark';

export interface Visitor extends BrowserContextOptions {
    language?: Locale;
    theme?: Theme;
}

/** Opens a page in a browser of its own: another person, unless `as` is somebody's page already. */
export type Visit = (path: string, visitor?: Visitor) => Promise<Page>;

export interface Settings {
    /** Text of the server's configuration; operations are quick unless a journey wants to see them. */
    config: string;
}

interface Fixtures extends Settings {
    howl: Server;
    visit: Visit;
}

const languageTags: Record<Locale, string> = { en: 'en-GB', ru: 'ru-RU' };

export const test = base.extend<Fixtures>({
    config: ['[cloud]\noperation_time = "300ms"\n', { option: true }],

    howl: async ({ config }, use, info) => {
        if (!existsSync(`${portalDir}/index.html`)) {
            throw new Error(`no portal in ${portalDir}: build it with npm run build in web/`);
        }
        const server = new Server({ config, args: ['--portal-dir', portalDir] });
        await server.start();
        await use(server);
        if (info.status !== info.expectedStatus) {
            await info.attach('log of the server', { body: server.log });
        }
        await server.discard();
    },

    visit: async ({ howl, browser }, use) => {
        const watches: Watch[] = [];
        await use(async (path, { language = 'en', theme = 'light', ...options } = {}) => {
            const context = await browser.newContext({
                baseURL: howl.url,
                locale: languageTags[language],
                colorScheme: theme,
                viewport: { width: 1280, height: 800 },
                ...options,
            });
            const watch = await Watch.over(context);
            watches.push(watch);
            const page = await context.newPage();
            await page.goto(path);
            return page;
        });
        for (const watch of watches) {
            await watch.end();
        }
    },
});
