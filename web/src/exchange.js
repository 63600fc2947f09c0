// exchange.js: what goes to each partner and comes from it: the age of its picture, what has changed, what would go out,
// releases made and taken, whom we trust, and by which rules.
import { address, download, fresh, post, put, remove, upload } from './api.js';
import { placesBar } from './courier.js';
import { fill, h, keep, refill, settle } from './dom.js';
import { finish } from './follow.js';
import { longList } from './list.js';
import { ago, field, form, may, moment, noBook, pickFile, smallTable, span } from './partners.js';
import { change, state, watch } from './state.js';
import { number, say, tonnes } from './words.js';

const releaseMost = 64 << 20;
const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
const of = (partner, what) => `/api/exchange/partners/${encodeURIComponent(partner)}/${what}`;

/** What stands below the cards: "preview:KR", "changes:KR", "refused:KR", "rules", "trust", "log". */
const chosen = () => state().sel.split(':');
const show = (what, partner) => change({ sel: partner ? `${what}:${partner}` : what, search: '' });

// ---- a partner ----

/** How old its picture is against the time between two of its releases; the words beside it say the same. */
function ageBar(card, now) {
    if (!card.made_at || !card.every_hours) return null;
    const share = Math.min(1, seconds(card.made_at, now) / (2 * 3600 * card.every_hours));
    return h('span.age', { role: 'img', 'aria-label': say('exchange.age.bar', { every: span(3600 * card.every_hours) }) },
        h(`i${card.late !== 'no' ? '.late' : ''}`, { style: { width: `${Math.max(2, 100 * share)}%` } }), h('i.due'));
}

function pictureLine(card, now) {
    if (!card.taken) return h('p', {}, say('exchange.nothing.taken', { partner: card.partner }));
    const late = card.expected_at && card.late !== 'no';
    return [h('p', {}, say('exchange.picture', { partner: card.partner, ago: ago(seconds(card.made_at, now)), number: number(card.taken, 0) }),
        late && h('span.tag.warn', {}, say('exchange.late', { span: span(seconds(card.expected_at, now)) || say('just.now') })),
        card.expected_at && !late && h('span.tag', {}, say('exchange.in.time'))), ageBar(card, now)];
}

function givenLine(card, now) {
    return h('p', {}, card.given ? say('exchange.given', { ago: ago(seconds(card.given_at, now)), number: number(card.given, 0) }) : say('exchange.nothing.given'),
        card.give_state === 'due' && h('span.tag.warn', {}, say('exchange.due')),
        card.next_whole && h('span.tag', {}, say('exchange.next.whole')));
}

function troubles(card) {
    const { partner } = card;
    return [card.alarm && h('p.problem', { role: 'alert' }, say(card.alarm === 'key' ? 'exchange.alarm.key' : 'exchange.fork', { partner })),
        card.followed && h('p.warn', {}, say('exchange.followed', { partner, date: moment(card.since) }), ' ', h('span.fingerprint', {}, card.fingerprint)),
        card.gap > 0 && h('p.warn', {}, say('exchange.gap', { number: number(card.gap, 0), taken: number(card.taken, 0) })),
        card.refused > 0 && h('p', {}, h('button.link', { onclick: () => show('refused', card.partner) }, say('exchange.refused', { count: number(card.refused, 0) }))),
        card.refused_there > 0 && h('p', {}, h('button.link', { onclick: () => show('refused', card.partner) }, say('exchange.refused.there', { count: number(card.refused_there, 0) })))];
}

/** What is told by how long ago it was: it is brought up to date in a card that stays. */
const ofNow = (card, now) => [pictureLine(card, now), givenLine(card, now),
    card.failure && h('p.warn', {}, say('exchange.failed', { partner: card.partner, place: card.place, ago: ago(seconds(card.failed_at, now)), why: card.failure }))];

const rhythms = ['', 'hourly', 'daily 06:00Z', 'daily 18:00Z', 'weekly mon 06:00Z'];

function moreOf(card, desk, reload) {
    const rhythm = h('input', { value: card.rhythm, list: 'rhythms', size: 18, 'aria-label': say('exchange.rhythm') });
    return h('details', {}, h('summary', {}, say('exchange.key')),
        h('p.fingerprint', {}, card.fingerprint), h('p.quiet', {}, say('exchange.since', { date: moment(card.since) })),
        (card.sent_at || card.fetched_at) && h('p.quiet', {}, say('exchange.contact', { place: card.place, sent: moment(card.sent_at), fetched: moment(card.fetched_at) })),
        card.their_rhythm && h('p.quiet', {}, say('exchange.their.rhythm', { rhythm: card.their_rhythm })),
        may(desk, 'releaser') && card.trusted && form(say('exchange.rhythm.set'), [h('datalist', { id: 'rhythms' }, rhythms.map((text) => h('option', { value: text }))), field(say('exchange.rhythm'), rhythm)],
            async () => reload(await put(of(card.partner, 'rhythm'), { rhythm: rhythm.value }))),
        may(desk, 'administrator') && card.trusted && form(say('exchange.distrust'), [], async () => reload(await remove(`/api/exchange/partners/${encodeURIComponent(card.partner)}`)), { danger: true }));
}

/** The release becomes part of the book when it is made; the file can be had again. */
async function makeRelease(card, told) {
    const note = await post(of(card.partner, 'releases'), {});
    await download(of(card.partner, `releases/${note.number}`), note.file);
    told(madeText(note));
}

const madeText = (note) => [say('exchange.made', { file: note.file, records: number(note.records, 0), steps: number(note.documents, 0) }), note.recovered && say('exchange.recovered', { partner: note.partner })];

function takenText(note) {
    if (note.again) return [say('exchange.again', { number: number(note.number, 0), partner: note.partner })];
    return [say('exchange.took', { number: number(note.number, 0), partner: note.partner, records: number(note.records, 0), rows: number(note.rows, 0), steps: number(note.documents, 0) }),
        note.refused > 0 && say('exchange.refused', { count: number(note.refused, 0) }), note.remark];
}

function partnerCard(card, now, desk, reload, told) {
    const busy = (work) => async (event) => {
        event.target.disabled = true;
        try { await work(); } catch (problem) { told([problem.message], true); }
        event.target.disabled = false;
    };
    return h('li.card', { 'data-partner': card.partner }, h('h2', {}, card.partner, card.followed && h('span.tag', {}, say('exchange.followed.tag')), !card.trusted && h('span.tag.warn', {}, say('exchange.revoked'))),
        h('div.of-now', {}, ofNow(card, now)),
        card.unread > 0 && h('p', {}, h('button.link', { onclick: () => show('changes', card.partner) }, say('exchange.unread', { count: number(card.unread, 0) }))),
        troubles(card),
        card.trusted && h('div.bar', {}, h('button', { onclick: () => show('preview', card.partner) }, say('exchange.preview')),
            may(desk, 'releaser') && h('button.primary', { onclick: busy(() => makeRelease(card, told)) }, say('exchange.make')),
            may(desk, 'releaser') && card.given > 0 && h('button', { onclick: busy(() => download(of(card.partner, `releases/${card.given}`), `${card.partner}-${card.given}.release`)) }, say('exchange.have.again', { number: number(card.given, 0) }))),
        moreOf(card, desk, reload));
}

// ---- taking a release ----

function dropZone(told, taken) {
    const input = pickFile(say('exchange.take'), { accept: '.release', multiple: true, onchange: (event) => { takeAll([...event.target.files]); event.target.value = ''; } });
    const zone = h('div.drop', { ondragover: (event) => { event.preventDefault(); zone.classList.add('over'); }, ondragleave: () => zone.classList.remove('over'),
        ondrop: (event) => { event.preventDefault(); zone.classList.remove('over'); takeAll([...event.dataTransfer.files]); } },
    h('span', {}, say('exchange.drop')), input);
    async function takeAll(files) {
        const lines = [];
        let bad = false;
        for (const file of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
            try {
                if (file.size > releaseMost) throw new Error(say('exchange.too.large', { file: file.name }));
                const answer = await upload(address('/api/exchange/releases', { file: file.name }), file);
                const notes = answer.job ? (await finish('job', answer.job, () => told([say('exchange.taking', { file: file.name })]))).releases : [answer];
                lines.push(...notes.flatMap(takenText));
            } catch (problem) {
                bad = true;
                lines.push(problem.message);
            }
        }
        told(lines, bad);
        taken();
    }
    return zone;
}

// ---- below the cards ----

function recordList(path, key, onTotal) {
    return longList({
        label: say('exchange.records'),
        columns: [
            { title: say('exchange.change'), width: '6.5rem', cell: (row) => h(`span.change-${row.change}`, {}, say(`change.${row.change}`)) },
            { title: say('table'), width: '8rem', cell: (row) => row.table },
            { title: say('exchange.what'), width: 'minmax(9rem,1fr)', cell: (row) => row.what },
            { title: say('exchange.detail'), width: '7rem', cell: (row) => row.detail },
            { title: say('exchange.says'), width: 'minmax(14rem,3fr)', cell: (row) => h('span', { title: row.says }, row.says) },
        ],
        fetchPage: async (offset, limit) => {
            const answer = await fresh(address(path, { offset, limit, search: state().search }));
            onTotal(answer);
            return { total: answer.total, rows: answer[key] };
        },
    });
}

function searched(place, head, list, actions = []) {
    const search = h('input', { type: 'search', placeholder: say('search'), 'aria-label': say('search'), value: state().search,
        oninput: settle(() => { change({ search: search.value }); list.reload(); }, 200) });
    fill(place, head, h('div.bar', {}, search, actions, h('button', { onclick: () => change({ sel: '' }) }, say('close'))), h('div.list-place', {}, list.element));
    list.reload();
}

const counts = (answer) => say('exchange.counts', Object.fromEntries(['new', 'changed', 'dropped', 'unchanged'].map((key) => [key, number(answer[key], 0)])));

function preview(place, partner) {
    const head = h('section');
    const list = recordList(of(partner, 'preview'), 'records', (answer) => fill(head, h('h2', {}, say('exchange.preview.of', { number: number(answer.number, 0), partner })),
        h('p', {}, say('exchange.holds', { count: number(answer.holds, 0) }), ' ', counts(answer), answer.documents > 0 && ` ${say('exchange.with.steps', { count: number(answer.documents, 0) })}`),
        smallTable(say('exchange.own.rows'), [say('exchange.own.rows'), [say('exchange.go.out'), 'right'], [say('exchange.stay'), 'right']],
            answer.tables.filter((each) => each.own > 0).map((each) => [each.table, number(each.out, 0), h(each.out < each.own ? 'b' : 'span', {}, number(each.own - each.out, 0))])),
        answer.lone_sums > 0 && h('p.warn', {}, say('exchange.lone')), answer.hidden_sites > 0 && h('p.warn', {}, say('exchange.hidden'))));
    searched(place, head, list);
}

function changes(place, partner, desk, reload) {
    const head = h('section');
    const list = recordList(of(partner, 'changes'), 'changes', (answer) => fill(head, h('h2', {}, say('exchange.changes.of', { partner })),
        h('p', {}, counts(answer), ' ', answer.stock_t > 0 && say('exchange.stock', { before: answer.stock_before_t === null ? '–' : tonnes(answer.stock_before_t), now: tonnes(answer.stock_t) }))));
    searched(place, head, list, [may(desk, 'planner') && h('button.primary', { onclick: async () => { reload(await post(of(partner, 'read'))); change({ sel: '' }); } }, say('exchange.read'))]);
}

function refused(place, partner) {
    const list = longList({
        label: say('exchange.refused.of', { partner }),
        columns: [{ title: say('exchange.whose'), width: '7rem', cell: (row) => row.whose }, { title: say('exchange.what'), width: 'minmax(12rem,1fr)', cell: (row) => row.row },
            { title: say('exchange.why'), width: 'minmax(16rem,3fr)', cell: (row) => h('span', { title: row.why }, row.why) }],
        fetchPage: async (offset, limit) => {
            const answer = await fresh(address(of(partner, 'refused'), { offset, limit, search: state().search }));
            return { total: answer.total, rows: answer.refused };
        },
    });
    searched(place, h('section', {}, h('h2', {}, say('exchange.refused.of', { partner })), h('p.quiet', {}, say('exchange.refused.hint'))), list);
}

async function ruleFile(desk, file, hint) {
    const section = h('section');
    const draw = async () => {
        const answer = await fresh(`/api/exchange/rules/${file}`);
        const [head, ...rows] = answer.rows;
        const text = h('textarea', { rows: 8, cols: 60, spellcheck: false, 'aria-label': file });
        text.value = answer.text || (file === 'releases.csv' ? 'to,table,site,item,class,detail,amount,by\n' : 'partner,theirs,ours,factor\n');
        fill(section, h('h2', {}, file), h('p.quiet', {}, hint),
            rows.length ? h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': file }, smallTable(file, head, rows.map((row) => head.map((_, ix) => row[ix] || '')))) : h('p.note.slim', {}, say('exchange.no.rules')),
            may(desk, 'releaser') && h('details', {}, h('summary', {}, say('exchange.edit.rules')), form(say('exchange.take.over'), [text],
                async () => { await upload(`/api/exchange/rules/${file}`, new Blob([text.value]), 'PUT', 'text/csv'); await draw(); })));
    };
    await draw();
    return section;
}

async function rules(place, desk) {
    fill(place, h('div.columns', {}, await ruleFile(desk, 'releases.csv', say('exchange.rules.hint')), await ruleFile(desk, 'aliases.csv', say('exchange.aliases.hint'))),
        h('div.bar', {}, h('button', { onclick: () => change({ sel: '' }) }, say('close'))));
}

/** First whose key it is, then what he reads over the telephone: it is compared, never shown beside the field. */
function trust(place, reload) {
    const name = h('span.quiet');
    const read = h('input', { size: 52, required: true, autocomplete: 'off', inputmode: 'numeric' });
    const partner = h('p', { role: 'status' });
    let key = '';
    const file = pickFile(say('exchange.key.file'), { accept: '.json', onchange: async (event) => {
        try {
            key = await event.target.files[0].text();
            fill(name, event.target.files[0].name);
            fill(partner, say('exchange.key.of', { partner: (await post('/api/exchange/partners', { key, check: true })).partner }));
        } catch (problem) { fill(partner, h('span.problem', { role: 'alert' }, problem.message)); }
    } });
    fill(place, h('section', {}, h('h2', {}, say('exchange.trust')), h('p', {}, say('exchange.trust.hint')),
        form(say('exchange.trust'), [file, name, partner, field(say('exchange.read.fingerprint'), read)],
            async () => { reload(await post('/api/exchange/partners', { key, fingerprint: read.value })); change({ sel: '' }); }, { cancel: () => change({ sel: '' }) })));
}

async function log(place) {
    const rows = 50;
    const draw = async (from) => {
        const answer = await fresh(address('/api/book/log', { limit: rows, from: from || '' }));
        const entries = answer.entries.slice().reverse();
        const first = answer.entries.length ? answer.entries[0].number : 1;
        fill(place, h('h2', {}, say('exchange.log')), h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': say('exchange.log') }, smallTable(say('exchange.log'), [['#', 'right'], say('exchange.when'), say('kind'), say('exchange.about'), say('exchange.says')],
            entries.map((each) => [number(each.number, 0), moment(each.time), each.kind, h('span.cut', { title: each.key }, each.key), h('span.cut.long', { title: each.what }, each.what)]))),
        h('div.bar', {}, h('button', { disabled: first <= 1, onclick: () => draw(Math.max(1, first - rows)) }, say('exchange.older')), from && h('button', { onclick: () => draw() }, say('exchange.newest')),
            h('button', { onclick: () => change({ sel: '' }) }, say('close'))));
    };
    await draw();
}

// ---- the page ----

export function exchange(body, desk) {
    if (noBook(body, desk)) return null;
    const own = h('section.own'), cards = h('ul.cards'), told = h('div', { role: 'status' }), below = h('section.below');
    const tell = (lines, bad = false) => fill(told, h(bad ? 'div.told-bad' : 'div.told-good', {}, lines.filter(Boolean).map((line) => h('p', {}, line))));
    const fail = (problem) => tell([problem.message], true);

    const ofUs = (answer) => {
        const key = async () => { const ours = await fresh('/api/exchange/key'); save(ours.key, `${ours.partner}.key.json`); };
        return [h('span', {}, say('exchange.our.key', { partner: answer.partner })), h('span.fingerprint', { title: say('exchange.fingerprint.hint') }, answer.fingerprint),
            h('button', { onclick: () => key().catch(fail) }, say('exchange.our.file')), h('span.push'),
            h('button', { onclick: () => show('rules') }, say('exchange.rules')), h('button', { onclick: () => show('log') }, say('exchange.log')),
            may(desk, 'administrator') && h('button', { onclick: () => show('trust') }, say('exchange.trust'))];
    };
    /** A card that says the same as before stays, with what somebody types in it; only how old its picture is goes on. */
    function draw(answer) {
        refill(own, `${answer.partner} ${answer.fingerprint}`, () => ofUs(answer));
        if (answer.exchange.length === 0) fill(cards, h('li.note', {}, say('exchange.nobody')));
        else keep(cards, answer.exchange, (card) => JSON.stringify(card), (card) => partnerCard(card, answer.now, desk, draw, (lines, bad) => { tell(lines, bad); refresh(); }),
            (element, card) => fill(element.querySelector('.of-now'), ofNow(card, answer.now)));
    }
    const refresh = () => fresh('/api/exchange').then(draw).catch(fail);
    async function drawBelow() {
        const [what, partner] = chosen();
        const views = { preview, changes, refused };
        fill(below);
        if (views[what] && partner) views[what](below, partner, desk, draw);
        else if (what === 'rules') await rules(below, desk);
        else if (what === 'trust') trust(below, draw);
        else if (what === 'log') await log(below);
        if (what) below.scrollIntoView({ block: 'nearest' });
    }
    fill(body, h('p.note', {}, say('loading')));
    Promise.all([placesBar(desk, takenText, (lines, bad) => { tell(lines, bad); refresh(); }).catch(() => null), refresh(), drawBelow().catch(fail)]) // at once: nothing moves under the pointer
        .then(([places]) => fill(body, own, may(desk, 'releaser') && dropZone(tell, refresh), places, told, cards, below));
    document.addEventListener('book', refresh);
    const end = watch((now, before) => { if (now.sel !== before.sel) drawBelow().catch(fail); });
    return () => { end(); document.removeEventListener('book', refresh); };
}

function save(text, name) {
    const link = h('a', { href: URL.createObjectURL(new Blob([text])), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
}
