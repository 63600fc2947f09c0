// courier.js: releases sent to a place and fetched from it, as jobs of the server.
import { fresh, post } from './api.js';
import { fill, h } from './dom.js';
import { finish } from './follow.js';
import { may } from './partners.js';
import { number, say } from './words.js';

const sentText = (note) => say('exchange.sent', { file: note.file, partner: note.partner, records: number(note.records, 0), steps: number(note.documents, 0) });

/** The bar with the places: send to one, fetch from one. takenText says what came of a release that was taken; tell
 * shows lines (and whether they are bad). Null where there is nobody who may. */
export async function placesBar(desk, takenText, tell) {
    if (!may(desk, 'releaser')) return null;
    const { places } = await fresh('/api/exchange/places');
    const free = may(desk, 'administrator');
    if (!free && places.length === 0) return null;
    const label = { 'aria-label': say('exchange.place'), title: say(free ? 'exchange.place.folder' : 'exchange.place') };
    const place = free ? h('input', { list: 'places', size: 24, placeholder: say('exchange.place.folder'), value: places[0]?.name || '', ...label })
        : h('select', label, places.map((each) => h('option', { value: each.name }, each.name)));
    const busy = h('span.busy', { role: 'status' });
    const bar = h('div.bar.places', {}, h('span', {}, say('exchange.place')), place, free && h('datalist', { id: 'places' }, places.map((each) => h('option', { value: each.name }, each.place))),
        button('send'), button('fetch'), busy);
    function button(what) {
        return h('button', { onclick: async () => {
            const buttons = [...bar.querySelectorAll(':scope > button')];
            buttons.forEach((each) => { each.disabled = true; });
            try {
                const { job } = await post(`/api/exchange/${what}`, { place: place.value });
                const result = await finish('job', job, (facts) => showBusy(job, facts));
                const lines = result.releases.flatMap(what === 'send' ? sentText : takenText);
                tell([...lines, ...result.refused.map((each) => `${each.file}: ${each.detail}`), lines.length + result.refused.length === 0 && say('exchange.nothing.new')], result.refused.length > 0);
            } catch (problem) {
                tell([problem.message], true);
            }
            fill(busy);
            buttons.forEach((each) => { each.disabled = false; });
        } }, say(`exchange.${what}`));
    }
    let shown = 0;
    function showBusy(job, facts) {
        const words = h('span', {}, facts.stage || say('work.waiting'));
        if (shown === job && busy.firstChild) busy.firstChild.replaceWith(words);
        else fill(busy, words, ' ', h('button', { onclick: () => post(`/api/book/jobs/${job}/cancel`).catch((problem) => tell([problem.message], true)) }, say('cancel')));
        shown = job;
    }
    return bar;
}
