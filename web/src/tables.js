// tables.js: the tables of the case as they stand in its files.
import { address, get } from './api.js';
import { fill, h, settle } from './dom.js';
import { longList } from './list.js';
import { change, state } from './state.js';
import { say } from './words.js';

export function tables(body) {
    const place = h('div.grow');
    fill(body, h('p.note', {}, say('loading')));
    get('/api/case/tables').then((all) => {
        const present = all.filter((table) => table.present && table.table.endsWith('.csv'));
        const choose = h('select', { 'aria-label': say('table'), onchange: () => { change({ sel: `table:${choose.value}`, search: '' }); show(); } });
        const wanted = state().sel.startsWith('table:') ? state().sel.slice(6) : 'sites.csv';
        for (const table of present) choose.append(h('option', { value: table.table, selected: table.table === wanted }, table.table));
        const search = h('input', {
            type: 'search', placeholder: say('search'), 'aria-label': say('search'), value: state().search,
            oninput: settle(() => { change({ search: search.value }); show(); }, 200),
        });
        const help = h('span.quiet');
        fill(body, h('div.bar', {}, choose, search, help), place);

        async function show() {
            const table = present.find((each) => each.table === choose.value) || present[0];
            const path = `/api/case/tables/${table.table}`;
            const head = (await get(address(path, { limit: 0 }))).rows[0];
            help.textContent = table.help;
            const list = longList({
                label: table.table,
                columns: head.map((title, ix) => ({ title, width: 'minmax(5rem,1fr)', cell: (row) => row[ix] ?? '' })),
                fetchPage: async (offset, limit) => {
                    const answer = await get(address(path, { offset, limit, search: search.value }));
                    return { total: answer.total, rows: answer.rows.slice(1) };
                },
            });
            fill(place, list.element);
            list.reload();
        }
        show();
    });
    return null;
}
