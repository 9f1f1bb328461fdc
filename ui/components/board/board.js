// Figures and tables of which each line opens something. data: {blocks: [...]}, drawn anew at each change
// without losing the focus or the place. Blocks:
//   {kind: "cards", items: [{label, value, note, key, tone}]}
//   {kind: "table", title, note, columns: [{label, align, grow}], rows: [{key, cells: [cell]}], empty}
//   {kind: "row", blocks: [...]}  side by side
//   {kind: "note", text, tone}
// A cell is a text, or {text, sub: [texts], tone, symbol, bar: 0..1, badges: [{text, tone}], steps: [...], key}.
const boards = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let board = boards.get(parentElement);
  if (!board) {
    board = new Board(parentElement.querySelector(".board"));
    boards.set(parentElement, board);
  }
  board.open = (key) => setTriggerValue("open", key);
  board.draw(data.blocks);
  return () => boards.delete(parentElement);
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

class Board {
  constructor(root) {
    this.root = root;
    this.drawn = "";
    root.addEventListener("keydown", (event) => this.key(event));
  }

  draw(blocks) {
    const drawn = JSON.stringify(blocks);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = this.root.getRootNode().activeElement?.dataset.key;
    this.root.replaceChildren(...blocks.map((block) => this.build(block)));
    if (focused) this.root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  build(block) {
    if (block.kind === "cards") return this.buildCards(block);
    if (block.kind === "table") return this.buildTable(block);
    if (block.kind === "row") {
      const row = make("div", "side");
      row.append(...(block.blocks || []).map((one) => this.build(one)));
      return row;
    }
    const note = make("p", `note ${block.tone || ""}`, block.text);
    if (block.tone === "bad") note.setAttribute("role", "alert");
    return note;
  }

  buildCards({ items = [] }) {
    const cards = make("div", "cards");
    for (const item of items) {
      const card = make(item.key ? "button" : "div", `card ${item.tone || ""}`);
      if (item.key) this.opens(card, item.key);
      if (item.pressed !== undefined && item.pressed !== null) card.setAttribute("aria-pressed", String(item.pressed));
      card.append(make("span", "label", item.label), make("span", "value", item.value));
      if (item.note) card.append(make("span", "sub", item.note));
      cards.append(card);
    }
    return cards;
  }

  buildTable({ title, note, columns, rows = [], empty }) {
    const part = make("section", "part");
    if (title) part.append(make("h3", "", title));
    if (note) part.append(make("p", "sub", note));
    if (!rows.length) {
      part.append(make("p", "empty", empty || "Nothing here."));
      return part;
    }
    const table = make("table");
    const head = make("tr");
    const growing = columns.filter((column) => column.grow).length;
    for (const { label, align, grow } of columns) {
      const cell = make("th", align || "", label);
      cell.scope = "col";
      if (grow) cell.style.width = `${100 / growing}%`;
      head.append(cell);
    }
    const top = make("thead");
    top.append(head);
    const body = make("tbody");
    for (const row of rows) {
      const line = make("tr");
      if (row.key) {
        this.opens(line, row.key);
        line.tabIndex = 0;
        line.setAttribute("role", "link");
      }
      row.cells.forEach((cell, at) => line.append(this.buildCell(cell, columns[at])));
      body.append(line);
    }
    table.append(top, body);
    part.append(table);
    return part;
  }

  buildCell(cell, column) {
    const td = make("td", column.align || "");
    if (typeof cell !== "object" || cell === null) {
      td.textContent = cell ?? "";
      return td;
    }
    let into = td;
    if (cell.key) {
      into = make("button", "link");
      into.type = "button";
      this.opens(into, cell.key);
      td.append(into);
    }
    if (cell.text !== undefined) into.append(make("span", `main ${cell.tone || ""}`, cell.symbol ? `${cell.symbol} ${cell.text}` : cell.text));
    if (cell.bar !== undefined) {
      const bar = make("span", "bar");
      const fill = make("span", "fill");
      fill.style.width = `${Math.round(cell.bar * 100)}%`;
      bar.append(fill);
      td.append(bar);
    }
    if (cell.steps) {
      const steps = make("span", "steps");
      for (const { label, done, progress } of cell.steps) {
        steps.append(make("span", done ? "step done" : "step", `${done ? "✓" : "○"} ${label}${progress ? ` ${progress}` : ""}`));
      }
      td.append(steps);
    }
    for (const badge of cell.badges || []) td.append(make("span", `badge ${badge.tone}`, badge.text));
    for (const sub of cell.sub || []) td.append(make("span", `sub ${sub.tone || ""}`, sub.text ?? sub));
    return td;
  }

  opens(node, key) {
    node.dataset.key = key;
    node.classList.add("opens");
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      this.open(key);
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = this.root.getRootNode().activeElement;
    if (event.key === "Enter" && focused?.tagName === "TR") this.open(focused.dataset.key);
    else if (["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) {
      const all = [...this.root.querySelectorAll("tr.opens")];
      const at = all.indexOf(focused);
      all[at + (event.key === "j" || event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
