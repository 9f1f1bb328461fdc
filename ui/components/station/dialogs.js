// What opens over the screen: help, the types, the reasons to reject, the search for a patient.

const HELP = [
  ["1 - 9", "choose a candidate"], ["Enter", "confirm the chosen patient"], ["P", "search another patient"],
  ["N  B  M", "name, birth date, MRN: zooms there"], ["Tab", "next doubtful field"],
  ["click, Shift-click", "word on the page: sets, adds to the field"], ["Enter, Esc", "keep, take back a field"],
  ["T", "change the type by two letters"], ["X then 1 - 5", "reject, with the reason"], ["Space", "later: comes again at the end"],
  ["S", "split before this page"], ["]  [", "turn the page right, left"], ["Z", "undo the last decision"],
  ["PgDn PgUp", "next, previous page"], ["Home End", "first, last page"], ["arrows", "move the page image"],
  ["+  -  0", "zoom in, out, fit"], ["I", "load the page image again"], ["?", "this help"],
];

function makeDialogs(s) {
  const curtain = s.find(".curtain");
  let open = null; // { key(event), close() }

  function show(title, kind, content, key) {
    const box = el("div", { class: `dialog ${kind}`, role: "dialog", "aria-modal": "true", "aria-label": title, tabindex: "-1" }, el("h2", {}, title), ...content);
    curtain.replaceChildren(box);
    curtain.hidden = false;
    open = { key };
    (box.querySelector("input") || box).focus({ preventScroll: true });
    return box;
  }

  function close() {
    open = null;
    curtain.hidden = true;
    curtain.replaceChildren();
    s.focus();
  }

  function key(event) {
    if (event.key === "Tab") return event.preventDefault(); // nothing behind it takes the focus
    if (event.key === "Escape") return close();
    open.key(event);
  }

  function help() {
    const rows = HELP.map(([keys, what]) => el("tr", {}, el("th", { scope: "row" }, ...keys.split(/\s{2}/).map((one) => el("kbd", {}, one))), el("td", {}, what)));
    const half = Math.ceil(rows.length / 2);
    show("Keys", "help", [
      el("div", { class: "columns" }, el("table", {}, ...rows.slice(0, half)), el("table", {}, ...rows.slice(half))),
      el("p", { class: "hint" }, "✓ agrees   ≈ close   ✗ differs   · not on the page   ⚠ check   ○ page not seen yet"),
      el("p", { class: "hint" }, "Esc closes."),
    ], (event) => event.key === "?" && close());
  }

  function types() {
    let typed = "";
    const rows = s.types.map((type) => el("li", { "data-code": type.code, onclick: () => take(type) }, el("kbd", {}, type.code), ` ${type.label}`));
    const line = el("p", { class: "typed", "aria-live": "polite" }, "Type two letters.");
    show("Document type", "types", [line, el("ul", {}, ...rows)], (event) => {
      if (event.key === "Backspace") typed = typed.slice(0, -1);
      else if (/^[a-zA-Z]$/.test(event.key)) typed += event.key.toUpperCase();
      else return;
      const found = s.types.find((type) => type.code === typed);
      if (found) return take(found);
      const fitting = s.types.filter((type) => type.code.startsWith(typed));
      line.textContent = fitting.length ? `${typed || "Type two letters."}` : `No type has the letters ${typed}. Try again.`;
      if (!fitting.length) typed = "";
      for (const row of rows) row.classList.toggle("off", Boolean(typed) && !row.dataset.code.startsWith(typed));
    });
    const take = (type) => {
      close();
      s.setType(type);
    };
  }

  function reject() {
    const rows = REJECTS.map(([reason, text], at) => el("li", { onclick: () => take(reason, text) }, el("kbd", {}, String(at + 1)), ` ${text}`));
    const take = (reason, text) => {
      close();
      if (reason === "superseded") successors(text);
      else s.reject(reason, text);
    };
    show("Reject: why?", "reject", [el("ul", {}, ...rows), el("p", { class: "hint" }, "1 to 3 take it out of the chart, 4 and 5 set it aside. Z undoes. Esc closes.")], (event) => {
      const one = !event.repeat && REJECTS[Number(event.key) - 1];
      if (one) take(...one);
    });
  }

  // A superseded document names what took its place.
  async function successors(text) {
    const doc = s.current;
    const patient = s.candidates.chosen()?.patient ?? null;
    const list = el("div", { class: "found", role: "listbox", "aria-label": "Documents" });
    const line = el("p", { class: "hint", "aria-live": "polite" }, "Looking …");
    let found = [];
    const take = (one) => {
      if (!one || s.current !== doc) return;
      close();
      s.reject("superseded", text, one.document);
    };
    show("Which document took its place?", "successors", [line, list], (event) => !event.repeat && take(found[Number(event.key) - 1]));
    try {
      found = (await post("/data/verify/successors", { document: doc.id, patient })).successors;
    } catch (error) {
      if (error instanceof Denied) line.textContent = error.message;
      return s.failed(error);
    }
    if (!list.isConnected) return;
    line.textContent = found.length
      ? "A digit chooses: it is kept with this decision. Esc: none of these."
      : "There is no other document of its patient. P finds another patient first; X 4 asks for a new scan.";
    list.replaceChildren(...found.map((one, at) => {
      const when = [one.service_date ? showDate(one.service_date) : "no date", plural(one.pages, "page"), `received ${showDate(one.received)}`];
      const row = el(
        "div", { class: "successor", role: "option", "data-document": one.document, onclick: () => take(one) },
        el("kbd", {}, String(at + 1)), el("span", { class: "look" }),
        el("span", {}, el("b", {}, one.type), el("small", {}, when.join(" · ")), el("small", {}, one.stands)),
      );
      s.images.load({ id: one.page }, "thumb", 1).then((image) => row.querySelector(".look").replaceChildren(image), () => {});
      return row;
    }));
  }

  function search() {
    const doc = s.current;
    const input = el("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Name, MRN or birth date", placeholder: "last, first   or MRN   or birth date" });
    const list = el("div", { class: "found", role: "listbox", "aria-label": "Patients found" });
    const line = el("p", { class: "hint", "aria-live": "polite" }, "Name, MRN or birth date, in any order.");
    let found = [];
    let at = 0;
    let asked = 0;
    let timer = 0;
    const draw = () => {
      list.replaceChildren(...found.map((one, number) => {
        const card = s.candidates.card(one, number);
        card.setAttribute("aria-selected", String(number === at));
        card.querySelector("kbd").textContent = "";
        card.onclick = (event) => {
          event.stopImmediatePropagation();
          take(number);
        };
        return card;
      }));
      list.children[at]?.scrollIntoView({ block: "nearest" });
    };
    const take = (number) => {
      const one = found[number];
      if (!one || s.current !== doc) return;
      close();
      s.candidates.add(one);
    };
    const ask = async () => {
      const text = input.value.trim();
      const mine = ++asked;
      if (text.length < 2) {
        found = [];
        line.textContent = "Name, MRN or birth date, in any order.";
        return draw();
      }
      try {
        const answer = await post("/data/verify/patients", { document: doc.id, text, fields: s.fields.corrections(doc) });
        if (mine !== asked) return;
        found = answer.candidates;
        at = 0;
        line.textContent = found.length ? `${plural(found.length, "patient")}. Up and Down move, Enter chooses.` : "Nobody found. Try the last name, the MRN or the birth date.";
        draw();
      } catch (error) {
        if (error instanceof Denied) line.textContent = error.message;
        else s.failed(error);
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
    show("Another patient", "search", [input, line, list], (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = clamp(at + (event.key === "ArrowDown" ? 1 : -1), 0, Math.max(0, found.length - 1));
        draw();
        event.preventDefault();
      } else if (event.key === "Enter" && !event.repeat) {
        event.preventDefault();
        take(at);
      }
    });
  }

  return { help, types, reject, search, close, key, isOpen: () => Boolean(open) };
}
