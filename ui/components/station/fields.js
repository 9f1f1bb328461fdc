// What was read, beside the place it was read from; corrected by clicking words or by typing.

const MAIN_FIELDS = ["patient_name", "birth_date", "mrn", "service_date"];

function makeFields(s) {
  const box = s.find(".fields");
  const more = s.find(".more");
  let inputs = new Map(); // name -> input
  let active = null; // { name, before } while a field has the focus

  function fixOf(name) {
    return s.current?.draft.fixes.get(name);
  }

  function placeOf(field) {
    const fix = fixOf(field.name);
    return fix?.box ? { page: fix.page, box: fix.box } : { page: field.page, box: field.box };
  }

  function valueOf(field) {
    const fix = fixOf(field.name);
    return fix ? fix.shown : showDate(field.value);
  }

  // A symbol and a word for how a field stands.
  function standing(field) {
    const fix = fixOf(field.name);
    if (fix?.problem) return ["✗", fix.problem, "bad"];
    if (fix) return ["✎", "corrected", "fixed"];
    if (!field.value) return ["·", "not found", "none"];
    return field.sure ? ["✓", "read", "sure"] : ["⚠", "check", "doubt"];
  }

  function isDoubtful(field) {
    const fix = fixOf(field.name);
    return fix ? Boolean(fix.problem) : Boolean(field.value) && !field.sure;
  }

  function draw() {
    inputs = new Map();
    const doc = s.current;
    if (!doc) {
      more.replaceChildren();
      return box.replaceChildren();
    }
    const main = doc.fields.filter((field) => MAIN_FIELDS.includes(field.name));
    const rest = doc.fields.filter((field) => !MAIN_FIELDS.includes(field.name));
    box.replaceChildren(...main.map((field) => row(field, true)));
    more.replaceChildren(...(rest.length ? [el("h3", {}, "Also read"), ...rest.map((field) => row(field, false))] : []));
  }

  function row(field, hasCrop) {
    const [symbol, word, how] = standing(field);
    const id = `field-${field.name}`;
    const input = el("input", {
      id, type: "text", autocomplete: "off", spellcheck: "false", "data-field": field.name,
      "aria-describedby": `${id}-how`,
    });
    input.value = valueOf(field);
    input.addEventListener("focus", () => begin(field, input));
    input.addEventListener("blur", () => leave(field, input));
    inputs.set(field.name, input);
    const key = { patient_name: "N", birth_date: "B", mrn: "M" }[field.name];
    const label = el("label", { for: id, class: `k-${field.name}` }, field.label, key ? el("kbd", {}, key) : null);
    const crop = hasCrop ? el("span", { class: "crop", "data-crop": field.name }) : null;
    const told = el("small", { id: `${id}-how`, class: `how ${how}` }, `${symbol} ${word}`);
    const made = el("div", { class: `field ${how} ${hasCrop ? "" : "small"}`, "data-row": field.name }, label, crop, input, told);
    if (field.alternatives.length && !fixOf(field.name)) {
      const other = field.alternatives[0];
      made.append(el("small", { class: "also" }, `also seen: ${showDate(other.value)} (page ${other.page})`));
    }
    return made;
  }

  function redrawRow(name) {
    const field = s.current?.fields.find((one) => one.name === name);
    const old = s.find(`[data-row="${name}"]`);
    if (!field || !old) return;
    const [symbol, word, how] = standing(field);
    old.className = `field ${how} ${MAIN_FIELDS.includes(name) ? "" : "small"}`;
    const told = old.querySelector(".how");
    told.className = `how ${how}`;
    told.textContent = `${symbol} ${word}`;
    old.querySelector(".also")?.remove();
    const input = inputs.get(name);
    if (active?.name !== name) input.value = valueOf(field);
  }

  // Crops are drawn after the page is painted, so they never hold it up.
  function drawCrops() {
    const doc = s.current;
    if (!doc) return;
    for (const field of doc.fields.filter((one) => MAIN_FIELDS.includes(one.name))) {
      s.fillCrop(s.find(`[data-crop="${field.name}"]`), doc, placeOf(field), 26, 160);
    }
  }

  function begin(field, input) {
    if (active?.name === field.name) return;
    active = { name: field.name, before: input.value, beforeFix: fixOf(field.name), page: 0, box: null, raw: "" };
    input.select();
    follow(field);
  }

  // The page turns and zooms to where the field stands.
  async function follow(field) {
    const doc = s.current;
    const place = placeOf(field);
    if (!doc || !place.box || !place.page) return s.sheet.drawBoxes();
    if (s.sheet.page()?.position !== place.page) await s.showPage(place.page);
    if (s.current !== doc) return;
    s.sheet.goTo(place.box);
    s.sheet.drawBoxes();
  }

  function leave(field, input) {
    const was = active;
    if (!was || was.name !== field.name) return;
    active = null;
    if (s.current && input.value !== was.before) keep(field, input.value, was);
    s.sheet.drawBoxes();
  }

  function keep(field, shown, was) {
    const doc = s.current;
    const isAsRead = shown === showDate(field.value);
    if (isAsRead) doc.draft.fixes.delete(field.name);
    else {
      // What was typed over a reading still stands where that reading stood.
      const place = was.box ? was : placeOf(field);
      const raw = was.box ? was.raw : shown;
      const fix = { name: field.name, shown, value: shown, raw, page: place.page || 0, box: place.box || null, problem: "" };
      doc.draft.fixes.set(field.name, fix);
    }
    if (IDENTITY.includes(field.name) && doc.draft.chosen) {
      doc.draft.chosen = null;
      s.say(`${field.label} was changed: choose the patient again.`);
    }
    redrawRow(field.name);
    s.fillCrop(s.find(`[data-crop="${field.name}"]`), doc, placeOf(field), 26, 160);
    s.matchAgain(doc);
  }

  // A click on a word sets the field that has the focus; with shift it is added.
  function takeWord([text, x0, y0, x1, y1], page, isMore) {
    const input = active && inputs.get(active.name);
    if (!input) return s.say("Press N, B or M to choose a field first, then click the words.");
    const isSame = isMore && active.page === page && active.box;
    input.value = isMore && input.value ? `${input.value} ${text}` : text;
    active.raw = isMore && active.raw ? `${active.raw} ${text}` : text;
    active.box = isSame
      ? [Math.min(active.box[0], x0), Math.min(active.box[1], y0), Math.max(active.box[2], x1), Math.max(active.box[3], y1)]
      : [x0, y0, x1, y1];
    active.page = page;
    s.tell(`${text}. Shift-click adds a word, Enter keeps it, Escape takes it back.`);
  }

  function focus(name) {
    const input = inputs.get(name);
    if (input) input.focus();
    else s.say("This document has no such field.");
  }

  // The next field to be checked, after the one named; false: there is none.
  function nextDoubtful(after = "") {
    const all = s.current?.fields || [];
    const from = all.findIndex((field) => field.name === after) + 1;
    const next = all.slice(from).find(isDoubtful);
    if (next) focus(next.name);
    return Boolean(next);
  }

  // Keys while a field has the focus; true: dealt with.
  function key(event, input) {
    if (event.key === "Enter") {
      input.blur();
      s.focus();
    } else if (event.key === "Escape") {
      const was = active;
      active = null;
      if (was) input.value = was.before;
      input.blur();
      s.focus();
      s.sheet.drawBoxes();
    } else if (event.key === "Tab" && !event.shiftKey) {
      const { name } = active || { name: "" };
      input.blur();
      if (!nextDoubtful(name)) s.focus();
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      s.turnPage(event.key === "PageDown" ? 1 : -1);
    } else return false;
    return true;
  }

  function understood(doc, fields) {
    for (const one of fields) {
      const fix = doc.draft.fixes.get(one.name);
      if (!fix) continue;
      fix.problem = one.problem;
      if (!one.problem) fix.shown = showDate(one.value) || "";
      if (s.current === doc) redrawRow(one.name);
    }
  }

  function corrections(doc) {
    return [...doc.draft.fixes.values()].map(({ name, value, raw, page, box }) => ({ name, value, raw, page, box }));
  }

  return {
    draw, drawCrops, placeOf, takeWord, focus, nextDoubtful, key, understood, corrections,
    focused: () => active?.name || null,
    input: () => (active ? inputs.get(active.name) : null),
    problem: (doc) => [...doc.draft.fixes.values()].find((fix) => fix.problem),
  };
}
