// plan.js: the movements of a plan, as a table with a bar for each over the days.
import { address, download, get } from './api.js';
import { fill, h, settle } from './dom.js';
import { longList } from './list.js';
import { change, state } from './state.js';
import { date, languageNow, number, say, term } from './words.js';

export function plan(body, desk, facts) {
    if (!facts) {
        fill(body, h('p.note', {}, say('plan.none')));
        return null;
    }
    const days = desk.facts.days;
    const bar = (row) => {
        const from = Math.max(0, row.depart_day);
        const to = Math.min(days, Math.max(row.arrive_day, from + 0.5));
        return h('span.gantt', { 'aria-hidden': 'true' }, h(`i.mode-${row.mode}`, {
            style: { left: `${(100 * from) / days}%`, width: `${(100 * (to - from)) / days}%` } }));
    };
    const list = longList({
        label: say('view.plan'),
        columns: [
            { title: say('depart'), width: '5.5rem', cell: (row) => date(desk.facts.start, row.depart_day) },
            { title: say('arrive'), width: '5.5rem', cell: (row) => date(desk.facts.start, row.arrive_day) },
            { title: say('from'), width: 'minmax(6rem,1fr)', cell: (row) => row.from },
            { title: say('to'), width: 'minmax(6rem,1fr)', cell: (row) => row.to },
            { title: say('mode'), width: '4.5rem', cell: (row) => term(row.mode) },
            { title: say('item'), width: 'minmax(6rem,1fr)', cell: (row) => row.item },
            { title: say('owner'), width: 'minmax(4rem,0.6fr)', cell: (row) => row.partner },
            { title: say('carrier'), width: 'minmax(4rem,0.6fr)', cell: (row) => row.carrier },
            { title: say('quantity'), width: '10.5rem', right: true, cell: (row) => `${number(row.quantity)} ${row.unit}` },
            { title: say('tonnes'), width: '5rem', right: true, cell: (row) => number(row.tonnes) },
            { title: `${say('day')} 0 – ${days}`, width: 'minmax(10rem,2fr)', cell: bar },
        ],
        fetchPage: (offset, limit) =>
            get(address(`/api/plans/${facts.plan}/movements`, { offset, limit, search: state().search })),
        onrow: (row) => change({ view: 'map', sel: `lane:${row.lane}`, day: String(Math.max(0, row.depart_day)) }),
    });
    const search = h('input', {
        type: 'search', placeholder: say('search'), 'aria-label': say('search'), value: state().search,
        oninput: settle(() => { change({ search: search.value }); list.reload(); }, 200),
    });
    const at = `/api/plans/${facts.plan}`;
    const note = h('span.quiet.middle', { role: 'status' });
    const file = (text, path, queries, name) => h('button', {
        onclick: async ({ target }) => {
            target.disabled = true;
            fill(note, say('plan.file', { file: name }));
            try {
                await download(address(at + path, { ...queries, language: languageNow() }), name);
                fill(note);
            } catch (problem) {
                fill(note, problem.message);
            }
            target.disabled = false;
        },
    }, text);
    fill(body, h('div.bar', {}, search,
        file(say('plan.briefing'), '/report', { format: 'html' }, `briefing-${facts.plan}.html`),
        file(say('plan.workbook'), '/report', { format: 'xlsx' }, `briefing-${facts.plan}.xlsx`),
        file('XLSX', '/tables/movements', { format: 'xlsx' }, `movements-${facts.plan}.xlsx`),
        file('CSV', '/tables/movements', { format: 'csv' }, `movements-${facts.plan}.csv`), note), list.element);
    list.reload();
    return null;
}
