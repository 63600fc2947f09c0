// sheet.js: rows of cells out of what planners have: CSV, a block pasted from a spreadsheet, XLSX. All of it is texts.
import { unzipSync, strFromU8 } from 'fflate';

/** Beyond these a file is refused: it is no table that somebody edits by hand. */
export const limits = { fileBytes: 20 << 20, partBytes: 64 << 20, allBytes: 128 << 20, rows: 100000, columns: 256, cell: 1 << 20 };

export class TooMuch extends Error {}

/** A separator that stands outside quotes in the first line, as the reader of cases finds it. */
function separatorOf(text) {
    const end = text.search(/[\r\n]/);
    const line = (end < 0 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
    const count = (separator) => line.split(separator).length;
    return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Rows of a text with quotes as RFC 4180 has them; rows without any text are left out. */
export function parseText(text, separator = separatorOf(text.replace(/^\uFEFF/, ''))) {
    const rows = [];
    let row = [], cell = '', at = text.charCodeAt(0) === 0xfeff ? 1 : 0, quoted = false, fresh = true;
    const endCell = () => { row.push(cell); cell = ''; fresh = true; };
    const endRow = () => {
        endCell();
        if (row.some((each) => each.trim() !== '')) rows.push(row);
        if (rows.length > limits.rows || row.length > limits.columns) throw new TooMuch();
        row = [];
    };
    for (; at < text.length; at++) {
        const letter = text[at];
        if (quoted) {
            if (letter !== '"') cell += letter;
            else if (text[at + 1] === '"') { cell += '"'; at++; } else quoted = false;
        } else if (letter === '"' && fresh) { quoted = true; fresh = false; } else if (letter === separator) endCell();
        else if (letter === '\n' || letter === '\r') {
            if (letter === '\r' && text[at + 1] === '\n') at++;
            endRow();
        } else { cell += letter; fresh = false; }
    }
    if (cell !== '' || row.length > 0) endRow();
    return rows;
}

/** A block for the clipboard that spreadsheets take. */
export function blockText(rows) {
    const cell = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return rows.map((row) => row.map(cell).join('\t')).join('\n');
}

// ---- XLSX: a ZIP archive of XML ----

function unpack(bytes) {
    let all = 0;
    return unzipSync(bytes, {
        filter: ({ name, originalSize }) => {
            if (!/^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/.test(name)) return false;
            all += originalSize;
            if (originalSize > limits.partBytes || all > limits.allBytes) throw new TooMuch();
            return true;
        },
    });
}

function xml(parts, name) {
    if (!parts[name]) return null;
    const text = strFromU8(parts[name]);
    if (text.includes('<!DOCTYPE')) throw new Error('DOCTYPE');
    const tree = new DOMParser().parseFromString(text, 'application/xml');
    if (tree.querySelector('parsererror')) throw new Error(name);
    return tree;
}

const each = (tree, tag) => (tree ? [...tree.getElementsByTagNameNS('*', tag)] : []);
/** All text in an element, but for the readings of Japanese words that stand beside it. */
const textOf = (element) => each(element, 't').filter((part) => part.parentNode.localName !== 'rPh').map((part) => part.textContent).join('');

/** "BC12" -> 54. */
function columnOf(reference) {
    let column = 0;
    for (const letter of reference) {
        const value = letter.charCodeAt(0) - 64;
        if (value < 1 || value > 26) break;
        column = column * 26 + value;
    }
    return column - 1;
}

function cellText(cell, shared) {
    const type = cell.getAttribute('t');
    if (type === 'inlineStr') return textOf(cell);
    const value = each(cell, 'v')[0]?.textContent ?? '';
    if (type === 's') return shared[Number(value)] ?? '';
    if (type === 'b') return value === '1' ? 'yes' : 'no';
    if (type === 'str' || type === 'e' || value === '') return value;
    return String(Number(value));
}

function sheetRows(tree, shared) {
    const rows = [];
    for (const row of each(tree, 'row')) {
        const cells = [];
        for (const cell of each(row, 'c')) {
            const column = columnOf(cell.getAttribute('r') || '');
            const place = column >= 0 ? column : cells.length;
            if (place >= limits.columns) throw new TooMuch();
            while (cells.length < place) cells.push('');
            cells[place] = cellText(cell, shared);
        }
        if (cells.some((text) => text.trim() !== '')) rows.push(cells);
        if (rows.length > limits.rows) throw new TooMuch();
    }
    return rows;
}

/** The sheets of a workbook: [{name, rows}]. */
export function parseWorkbook(bytes) {
    const parts = unpack(bytes);
    const shared = each(xml(parts, 'xl/sharedStrings.xml'), 'si').map(textOf);
    const targets = new Map(each(xml(parts, 'xl/_rels/workbook.xml.rels'), 'Relationship').map((each_) =>
        [each_.getAttribute('Id'), each_.getAttribute('Target').replace(/^\/?(xl\/)?/, 'xl/')]));
    return each(xml(parts, 'xl/workbook.xml'), 'sheet').map((sheet) => {
        const target = targets.get(sheet.getAttribute('r:id'));
        return { name: sheet.getAttribute('name') || '', rows: sheetRows(xml(parts, target), shared) };
    });
}

/** What is in a file that was dropped: [{name, rows}], the name without its ending. */
export async function readFile(file) {
    if (file.size > limits.fileBytes) throw new TooMuch();
    if (/\.xlsx$/i.test(file.name)) return parseWorkbook(new Uint8Array(await file.arrayBuffer()));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return [{ name: file.name.replace(/\.[^.]*$/, ''), rows: parseText(text) }];
}

/** The table that rows belong to: by the name, else the one whose columns the first row has most of. */
export function tableOf(name, head, tables) {
    const plain = (text) => text.toLowerCase().replace(/[^a-z]/g, '');
    const named = tables.find(({ table }) => plain(table.replace(/\.csv$/, '')) === plain(name));
    if (named) return named.table;
    const has = new Set(head.map((text) => text.trim()));
    const fits = ({ columns }) => (columns.some((column) => column.required && !has.has(column.name)) ? 0
        : columns.filter((column) => has.has(column.name)).length);
    const best = tables.reduce((found, each_) => (fits(each_) > (found ? fits(found) : 0) ? each_ : found), null);
    return best?.table ?? null;
}
