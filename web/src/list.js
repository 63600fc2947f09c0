// list.js: a table that stays smooth at 100,000 rows: only the rows in sight exist, and only their pages are fetched.
import { fill, h, settle } from './dom.js';
import { number, say } from './words.js';

const rowHeight = 28;
const pageRows = 200;
const longText = 8; // what is longer may be cut short, and is told whole under the pointer

/**
 * columns: [{title (text or element), width, cell(row) -> text or element, right, sorted: ascending or descending}]; fetchPage(offset, limit) -> {total, rows}; onrow(row) is optional.
 * Returns {element, reload}.
 */
export function longList({ columns, fetchPage, onrow, label }) {
    const widths = columns.map((column) => column.width).join(' ');
    const count = h('span.quiet', { role: 'status' });
    const space = h('div.space');
    const head = h('div.row.head', { role: 'row', style: { 'grid-template-columns': widths } },
        columns.map((column) => h(`span${column.right ? '.right' : ''}`, { role: 'columnheader', 'aria-sort': column.sorted }, column.title)));
    const box = h('div.list-box', { tabindex: 0, role: 'table', 'aria-label': label, onscroll: () => draw() }, head, space);
    const pages = new Map();
    let total = 0;
    let round = 0;

    async function page(number_) {
        if (pages.has(number_)) return;
        const mine = round;
        pages.set(number_, null);
        const answer = await fetchPage(number_ * pageRows, pageRows);
        if (mine !== round) return;
        pages.set(number_, answer.rows);
        total = answer.total;
        space.style.setProperty('height', `${total * rowHeight}px`);
        count.textContent = total ? say('rows', { count: number(total, 0) }) : say('nothing');
        draw();
    }

    function rowElement(place, row) {
        const cells = columns.map((column) => {
            const shown = row ? column.cell(row) : '';
            return h(`span${column.right ? '.right' : ''}`, { role: 'cell', title: typeof shown === 'string' && shown.length > longText ? shown : null }, shown);
        });
        return h('div.row', {
            role: 'row', style: { 'grid-template-columns': widths, top: `${place * rowHeight}px` },
            onclick: row && onrow ? () => onrow(row) : null, class: onrow ? 'row pick' : 'row',
        }, cells);
    }

    function draw() {
        const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5);
        const last = Math.min(total, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + 5);
        const rows = [];
        for (let place = first; place < last; place++) {
            const rows_ = pages.get(Math.floor(place / pageRows));
            rows.push(rowElement(place, rows_ ? rows_[place % pageRows] : null));
        }
        fill(space, rows);
        for (let number_ = Math.floor(first / pageRows); number_ * pageRows < Math.max(last, 1); number_++) page(number_);
    }

    function reload() {
        round++;
        pages.clear();
        total = 0;
        box.scrollTop = 0;
        draw();
    }
    new ResizeObserver(settle(draw, 50)).observe(box);
    return { element: h('div.list', {}, box, count), reload };
}
