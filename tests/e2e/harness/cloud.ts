// SPDX-License-Identifier: Apache-2.0
// The cloud dashboard, as an operator sees it.

import type { Locator, Page } from '@playwright/test';
import type { Address } from '../../harness/verbs.ts';
import { call } from './api_call.ts';
import { expect } from './portal.ts';

export interface Instance {
    id: string;
    state: 'running' | 'stopped';
}

export const cards = (page: Page): Locator =>
    page.getByRole('list', { name: 'Instances' }).getByRole('listitem');

export const card = (page: Page, id: string): Locator => cards(page).and(page.locator(`[data-instance="${id}"]`));

/** What the Worklog says, a line for each command and each result. */
export const worklogLines = async (page: Page): Promise<string[]> => {
    const entries = await page
        .getByRole('log', { name: 'Worklog' })
        .getByRole('listitem')
        .allInnerTexts();
    return entries.map((entry) => /(INFO|ERROR): .*/.exec(entry)?.[0] ?? entry);
};

export const instances = (server: Address): Promise<Instance[]> =>
    call<Instance[]>(server, 'GET', '/api/cloud/instances');

/** Has instances made from outside; completes when they are there. */
export async function createdByApi(server: Address, names: string[]): Promise<string[]> {
    const made = await Promise.all(
        names.map((name) => call<{ id: string }>(server, 'POST', '/api/cloud/instances', { name })),
    );
    await settled(server);
    return made.map(({ id }) => id);
}

/** Completes when nothing is under way any more. */
export async function settled(server: Address): Promise<void> {
    await expect
        .poll(async () => (await instances(server)).filter((each) => 'op' in each).length)
        .toBe(0);
}

export const turn = (server: Address, id: string, state: Instance['state']): Promise<unknown> =>
    call(server, 'PATCH', `/api/cloud/instances/${id}`, { state });
