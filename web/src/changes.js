// changes.js: what one plan does otherwise than another: what falls short, which lanes carry more or less, which sites, which agreements.
import { get } from './api.js';
import { h } from './dom.js';
import { change } from './state.js';
import { say, share, signed, tonnes } from './words.js';

const rowsMost = 12;

export const changesPath = (before, after) => `/api/plans/${before}/compare/${after}`;

/** The effect on demand met, all together and by partner. */
export const changeTiles = (answer) => h('div.tiles', {}, answer.met.filter((row) => row.priority === null).map((row) => h('div.tile', {},
    h('span.quiet', {}, row.partner === '*' ? say('partner.all') : row.partner),
    h('b', { class: row.change_t > 0.5 ? 'worse' : row.change_t < -0.5 ? 'better' : '' }, signed(row.change_t)),
    h('span.quiet', {}, `${say('met')} ${share(row.met_before)} → ${share(row.met_after)}`))));

/** Less and more, told apart by a word and a sign, not by colour alone. A lane that carried nothing is new, one that carries nothing is dropped. */
function verdict(row) {
    if (row.kind === 'demand') return row.change_t > 0 ? 'worse' : 'better';
    return row.before_t < 0.5 ? 'new' : row.after_t < 0.5 ? 'dropped' : row.change_t > 0 ? 'more' : 'less';
}

function place(row) {
    const sel = { lane: `lane:${row.id}`, site: `site:${row.id}` }[row.kind] || (row.kind === 'demand' && `site:${row.id.split('/')[0]}`);
    return row.kind === 'lane' || row.kind === 'site' ? h('button.link', { onclick: () => change({ view: 'map', sel }) }, row.id) : row.id;
}

function table(kind, rows) {
    const demand = kind === 'demand';
    const heads = [say(kind === 'agreement' ? 'agreement' : kind), demand && say('priority'), demand ? `${say('short')}, ${say('before')}` : `${say('tonnes')}, ${say('before')}`, say('after'), say('changes.change'), ''];
    return h('section', {}, h('h3', {}, say(`changes.${kind}`)), h('table', {},
        h('thead', {}, h('tr', {}, heads.filter((text) => text !== false).map((text) => (text ? h('th', { scope: 'col' }, text) : h('td'))))),
        h('tbody', {}, rows.slice(0, rowsMost).map((row) => h('tr', {}, h('th', { scope: 'row' }, place(row)), demand && h('td', {}, row.priority),
            h('td', {}, tonnes(row.before_t)), h('td', {}, tonnes(row.after_t)),
            h('td', { class: demand ? verdict(row) : '' }, signed(row.change_t)), h('td', {}, h('span.tag', {}, say(`changes.${verdict(row)}`))))))),
    rows.length > rowsMost && h('p.quiet', {}, say('changes.others', { count: rows.length - rowsMost })));
}

export function changeTables(answer) {
    const kinds = ['demand', 'lane', 'site', 'agreement'];
    const tables = kinds.map((kind) => [kind, answer.rows.filter((row) => row.kind === kind && Math.abs(row.change_t) >= 0.5)])
        .filter(([, rows]) => rows.length).map(([kind, rows]) => table(kind, rows));
    return tables.length ? h('div.tables', {}, tables) : h('p.note', {}, say('whatif.same'));
}

export const changesOf = (before, after) => get(changesPath(before, after));
