// Who it could be: the index beside the page, field by field, in symbols and words.

const NAME_PARTS = [["last_name", "last", "Last"], ["first_name", "first", "First"], ["middle_name", "middle", "Middle"], ["suffix", "suffix", "Suffix"]];

function makeCandidates(s) {
  const list = s.find(".cands");

  function all(doc = s.current) {
    return doc ? doc.draft.candidates : [];
  }

  function chosen(doc = s.current) {
    return all(doc).find((one) => one.patient === doc.draft.chosen) || null;
  }

  function choose(at) {
    const doc = s.current;
    const one = all()[at];
    if (!doc) return;
    if (!one) {
      s.say(all().length ? `There is no candidate ${at + 1}.` : "There is no candidate. P searches the patient index.");
      return;
    }
    doc.draft.chosen = one.patient;
    s.say("");
    draw();
    s.tell(`${at + 1}: ${nameOf(one.name)}, ${summary(one)}. Enter confirms.`);
    s.drawThumbs();
    s.sheet.drawBoxes();
  }

  function summary(one) {
    const conflicts = one.fields.filter((field) => field.agreement === "conflict").map((field) => field.label);
    return conflicts.length ? `differs: ${conflicts.join(", ")}` : "no field differs";
  }

  // A patient found by search comes first and is chosen.
  function add(candidate) {
    const doc = s.current;
    doc.draft.candidates = [candidate, ...all().filter((one) => one.patient !== candidate.patient)];
    doc.draft.added.push(candidate);
    choose(0);
    s.lookCloser(doc, candidate);
  }

  function renew(doc, candidate) {
    const put = (one) => (one.patient === candidate.patient ? candidate : one);
    doc.draft.candidates = doc.draft.candidates.map(put);
    doc.draft.added = doc.draft.added.map(put);
    if (s.current === doc) draw();
  }

  function replace(doc, proposed) {
    const added = doc.draft.added.filter((one) => !proposed.some((other) => other.patient === one.patient));
    doc.draft.candidates = [...proposed, ...added];
    if (!chosen(doc)) doc.draft.chosen = null;
    if (s.current !== doc) return;
    draw();
    s.drawThumbs();
    s.sheet.drawBoxes();
  }

  function draw() {
    const doc = s.current;
    if (!doc) return list.replaceChildren();
    const head = el("h3", {}, all().length ? headline(doc) : "No candidate in the patient index");
    const none = all().length ? null : el("p", { class: "hint" }, "P searches by name, MRN or birth date. X 5: not registered.");
    list.replaceChildren(head, ...(none ? [none] : []), ...all().map(card));
    reveal(list.querySelector("[aria-selected=true]"));
    drawCrops();
  }

  // Scroll only where the head of the chosen card is out of sight: what was read stays in view.
  function reveal(chosenCard) {
    const scroll = s.find(".scroll");
    if (!chosenCard) return;
    const [top, edge] = [chosenCard.getBoundingClientRect().top, scroll.getBoundingClientRect()];
    if (top < edge.top || top > edge.bottom - 140) chosenCard.scrollIntoView({ block: "nearest" });
  }

  function headline(doc) {
    const count = all(doc).length;
    if (chosen(doc)) return "Chosen patient and others";
    return count === 1 ? "One candidate: 1 chooses" : `${count} candidates: a digit chooses`;
  }

  function card(one, at) {
    const isChosen = one.patient === s.current.draft.chosen;
    const made = el("div", {
      class: "cand", role: "option", "aria-selected": String(isChosen), "data-patient": one.patient,
      "aria-label": `${at + 1}. ${nameOf(one.name)}, born ${showDate(one.birth_date) || "not known"}, MRN ${one.mrn}; ${summary(one)}`,
      onclick: () => {
        s.candidates.choose(at);
        s.focus();
      },
    });
    made.append(el("span", { class: "digit" }, isChosen ? "➤" : "", el("kbd", {}, at < 9 ? String(at + 1) : "")));
    const by = Object.fromEntries(one.fields.map((field) => [field.name, field]));
    const short = () => [
      el("div", { class: "cells" }, ...NAME_PARTS.map(([name, part, label]) => cell(label, one.name[part], by[name]))),
      el(
        "div", { class: "cells" },
        cell("Born", showDate(one.birth_date), by.birth_date),
        cell("Sex", one.sex, by.sex),
        cell("MRN", one.mrn, by.mrn, one.facility || "this site"),
      ),
      el("div", { class: "cells" }, cell("Address", one.address, by.address), one.phone ? cell("Phone", showPhone(one.phone), by.phone) : null),
    ];
    made.append(
      el(
        "div", { class: "who" },
        ...(isChosen ? [beside(one)] : short()),
        one.deceased ? el("p", { class: "warn dead" }, `✝ Deceased ${showDate(one.deceased)}`) : null,
        ...one.warnings.map((text) => el("p", { class: "warn" }, `⚠ ${text}`)),
      ),
    );
    return made;
  }

  // One value of the index, with its verdict.
  function cell(label, value, field, under = "") {
    const agreement = field ? field.agreement : "missing";
    const [symbol, word] = MARKS[agreement];
    const made = el(
      "div", { class: `cell is-${agreement}`, title: field?.note || "" },
      el("span", { class: "label" }, label),
      el("span", { class: "value" }, value || "–"),
    );
    if (under) made.append(el("span", { class: "under" }, under));
    if (agreement !== "missing") made.append(el("span", { class: "verdict" }, `${symbol} ${word}`));
    return made;
  }

  // The evidence: what stands on the page, cut out, beside the value of the index. The parts of a name that
  // stand in one place share the picture of it.
  function beside(one) {
    const rows = one.fields.filter((field) => field.index || field.agreement !== "missing" || field.name === "birth_date" || field.name === "mrn");
    const body = rows.map((field, at) => {
      const [symbol, word] = MARKS[field.agreement];
      const place = placeKey(field);
      const isShared = at > 0 && place && placeKey(rows[at - 1]) === place;
      const span = rows.slice(at).findIndex((other) => placeKey(other) !== place);
      const index = field.name === "phone" ? showPhone(field.index) : showDate(field.index);
      const where = field.name === "mrn" ? el("span", { class: "under" }, one.facility || "this site") : null;
      return el(
        "tr", { class: `is-${field.agreement}` },
        el("th", { scope: "row" }, field.label),
        isShared ? null : evidence(one, field, place ? (span < 0 ? rows.length - at : span) : 1),
        el("td", { class: "value" }, index || "–", where),
        el("td", { class: "verdict" }, `${symbol} ${field.note && field.agreement !== "agree" ? field.note : word}`),
      );
    });
    return el(
      "table", { class: "beside" },
      el("thead", {}, el("tr", {}, el("th", {}, ""), el("th", {}, "On the page"), el("th", {}, "In the index"), el("th", {}, ""))),
      el("tbody", {}, ...body),
    );
  }

  function placeKey(field) {
    return field.box ? `${field.page}:${field.box.join()}` : "";
  }

  function evidence(one, field, span) {
    const cut = field.box ? el("span", { class: "crop", "data-beside": JSON.stringify([field.page, field.box]) }, field.read) : field.read;
    const page = field.box && one.page_marks.length > 1 ? el("small", {}, ` page ${field.page}`) : null;
    return el("td", { class: "cut", rowspan: span }, cut, page);
  }

  // Cut out of the page after it is painted, so they never hold it up.
  function drawCrops() {
    const doc = s.current;
    for (const place of list.querySelectorAll("[data-beside]")) {
      const [page, box] = JSON.parse(place.dataset.beside);
      s.fillCrop(place, doc, { page, box }, 22, 170);
    }
  }

  return { all, chosen, choose, add, renew, replace, draw, drawCrops, card, summary };
}
