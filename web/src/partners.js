// partners.js: what the pages of exchange and ledger share: who may do what, ages in words, exact decimals, small forms.
import { fill, h } from './dom.js';
import { languageNow, number, say } from './words.js';

const roles = ['viewer', 'planner', 'releaser', 'administrator'];

/** True when the reader has this role or a higher one, and what is open can be changed. */
export const may = (desk, role) => desk.about.writable && roles.indexOf(desk.about.role) >= roles.indexOf(role);

/** Without a book: what one is, and how to make it. True when there is none. */
export function noBook(body, desk) {
    if (desk.about.open === 'book') return false;
    const lines = ['mainstay book init us.book --partner US', 'mainstay book import us.book FOLDER', 'mainstay serve us.book'];
    fill(body, h('section.welcome', {}, h('h2', {}, say('book.what')), h('p', {}, say('book.none')), h('p', {}, say('book.make')),
        h('pre', {}, lines.join('\n')), h('p.quiet', {}, say('book.more'))));
    return true;
}

const spans = [['day', 86400], ['hour', 3600], ['minute', 60]];

/** "3 hours", "12 days": whole numbers of the largest unit of which there are two; '' for a moment. */
export function span(seconds) {
    const fit = spans.find(([, unit]) => seconds >= 2 * unit) || (seconds >= 60 ? spans[2] : null);
    if (!fit) return '';
    return new Intl.NumberFormat(languageNow(), { style: 'unit', unit: fit[0], unitDisplay: 'long', maximumFractionDigits: 0 })
        .format(Math.floor(seconds / fit[1]));
}

/** "3 hours ago", or "just now". */
export const ago = (seconds) => (span(seconds) ? say('ago', { span: span(seconds) }) : say('just.now'));

/** A date of the ledger ("2026-03-01") in the reader's language. */
export function day(text) {
    if (!text) return '–';
    return new Intl.DateTimeFormat(languageNow(), { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
        .format(new Date(`${text.slice(0, 10)}T00:00:00Z`));
}

/** A moment ("2026-03-01T06:00:00Z"), in UTC, which both sides read alike. */
export function moment(text) {
    if (!text) return '–';
    const shown = new Intl.DateTimeFormat(languageNow(), { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })
        .format(new Date(text));
    return `${shown} UTC`;
}

/** An exact decimal with its unit; money has both its decimals. */
export function amount(text, unit, money = false) {
    if (text === null || text === undefined || text === '') return '–';
    const shown = money ? new Intl.NumberFormat(languageNow(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Number(text))
        : number(Number(text), 6);
    return unit ? `${shown}\u00a0${unit}` : shown;
}

/** A label above a field. */
export const field = (label, element, hint = '') => h('label.field', {}, h('span', {}, label), element, hint && h('span.hint', {}, hint));

/** Decimals are sent as they were typed: no field of numbers, which would round or swallow them. */
export const decimal = (value, attributes = {}) =>
    h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', size: 10, pattern: '[0-9]+([.][0-9]+)?', title: say('decimal'), value: value ?? '', ...attributes });

/** A form that sends once, shows what was wrong beside its button, and cannot be sent twice meanwhile. */
export function form(label, fields, send, { cancel, danger } = {}) {
    const wrong = h('p.problem', { role: 'alert', hidden: true });
    const button = h(danger ? 'button.danger' : 'button.primary', { type: 'submit' }, label);
    return h('form.sheet', {
        onsubmit: async (event) => {
            event.preventDefault();
            button.disabled = true;
            wrong.hidden = true;
            try {
                await send();
            } catch (problem) {
                wrong.hidden = false;
                fill(wrong, problem.message, problem.findings?.length
                    ? h('ul', {}, problem.findings.slice(0, 20).map((each) => h('li', {}, `${each.line}:${each.column} ${each.message}`))) : null);
            } finally {
                button.disabled = false;
            }
        },
    }, h('div.bar', {}, fields), wrong, h('div.bar', {}, button, cancel && h('button', { type: 'button', onclick: cancel }, say('cancel'))));
}

/** A table of few rows: head is a list of texts or [text, 'right']. */
export function smallTable(label, head, rows) {
    return h('table.small', { 'aria-label': label }, h('thead', {}, h('tr', {}, head.map((cell) => h('th', { scope: 'col', class: cell[1] === 'right' ? null : 'left' }, Array.isArray(cell) ? cell[0] : cell)))),
        h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, ix) => h(`td${head[ix][1] === 'right' ? '' : '.left'}`, {}, cell))))));
}

/** A button that lets the reader choose files; its words are those of the page, not of the browser. */
export const pickFile = (label, attributes) => h('label.pick-file', {}, h('span', {}, label), h('input', { type: 'file', 'aria-label': label, ...attributes }));
