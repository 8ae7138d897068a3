// SPDX-License-Identifier: Apache-2.0
// The pages of the portal, as people know them.

import type { Locale } from './portal.ts';

export interface PortalPage {
    name: string;
    path: string;
    /** Its word in the navigation. */
    link: Record<Locale, string>;
}

export const pages: readonly PortalPage[] = [
    { name: 'home', path: '/', link: { en: 'Home', ru: 'Главная' } },
    { name: 'chat', path: '/chat', link: { en: 'Chat', ru: 'Чат' } },
    { name: 'cloud', path: '/cloud', link: { en: 'Cloud', ru: 'Облако' } },
    { name: 'reports', path: '/reports', link: { en: 'Reports', ru: 'Отчёты' } },
    { name: 'wisdom', path: '/wisdom', link: { en: 'Wisdom', ru: 'Мудрость' } },
    { name: 'messages', path: '/messages', link: { en: 'Messages', ru: 'Сообщения' } },
];
