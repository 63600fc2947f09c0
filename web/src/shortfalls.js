// shortfalls.js: what falls short, where and when, what binds, and how the priorities fare.
import { address, get } from './api.js';
import { fill, h } from './dom.js';
import { change } from './state.js';
import { languages, languageNow, number, say, share, tonnes } from './words.js';

const reasonsMost = 30;

function cause(one) {
    const key = `cause.${one.cause}`;
    return languages[languageNow()][key] ? say(key, { limit: one.limit }) : `${one.cause} ${one.limit}`;
}

function coverage(story) {
    const rows = story.coverage.by_priority;
    const bar = (row) => h('span.cover', { role: 'img', 'aria-label': `${say('alone')} ${share(row.alone_share ?? 0)}, ${say('met')} ${share(row.met_share)}` },
        h('i.alone', { style: { width: share100(row.alone_share ?? 0) } }),
        h('i.gained', { style: { width: share100(Math.max(0, row.met_share - (row.alone_share ?? 0))) } }));
    return h('table.coverage', {},
        h('thead', {}, h('tr', {}, [say('priority'), say('wanted'), say('alone'), say('met')].map((text) => h('th', { scope: 'col' }, text)), h('td'))),
        h('tbody', {}, rows.map((row) => h('tr', {}, h('th', { scope: 'row' }, row.priority), h('td', {}, tonnes(row.wanted_t)),
            h('td', {}, row.alone_share === null ? '–' : share(row.alone_share)), h('td', {}, share(row.met_share)), h('td', {}, bar(row))))));
}

const share100 = (part) => `${(100 * part).toFixed(2)}%`;

function card(reason) {
    const causes = reason.causes.slice(0, 4);
    return h('li.card', {},
        h('button.link', { onclick: () => change({ view: 'map', sel: `site:${reason.site}`, day: String(reason.from_day) }) },
            h('b', {}, reason.site), ` · ${reason.demand || reason.kind}`),
        h('span.tag', {}, `${say('priority')} ${reason.priority}`), h('span.tag', {}, reason.partner),
        h('p', {}, say('reason.lacks', { tonnes: tonnes(reason.tonnes), item: reason.item }), ' · ',
            say('reason.span', { from: number(reason.from_day), to: number(reason.to_day) })),
        h('ul.causes', { 'aria-label': say('cause') }, causes.map((one) => h('li', {},
            h('span.meter', { 'aria-hidden': 'true' }, h('i', { style: { width: share100(one.share) } })), cause(one)))));
}

export function shortfalls(body, desk, facts) {
    if (!facts) {
        fill(body, h('p.note', {}, say('plan.none')));
        return null;
    }
    fill(body, h('p.note', {}, say('loading')));
    Promise.all([get(`/api/plans/${facts.plan}/story`), get(address(`/api/plans/${facts.plan}/reasons`, { most: reasonsMost }))])
        .then(([story, answer]) => fill(body, coverage(story),
            answer.reasons.length ? h('ol.cards', {}, answer.reasons.map(card)) : h('p.note', {}, say('nothing'))));
    return null;
}
