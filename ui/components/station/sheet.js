// The page image: zoom, turn, drag, boxes of evidence, clicks on words.

const TAGS = {
  patient_name: "Name", birth_date: "Born", mrn: "MRN", service_date: "Service", sex: "Sex",
  address: "Address", phone: "Phone", ssn_last4: "SSN", encounter: "Encounter", provider: "Provider",
  facility: "Facility",
};
const FIELD_OF = {
  last_name: "patient_name", first_name: "patient_name", middle_name: "patient_name", suffix: "patient_name",
};

function makeSheet(s) {
  const view = s.find(".view");
  const paper = s.find(".paper");
  const note = s.find(".view-note");
  const over = svg("svg", { "aria-hidden": "true" });
  const place = { x: 0, y: 0, zoom: 1, turn: 0, w: 1, h: 1, isWhole: false };
  let shownPage = null;
  let seenTimer = 0;

  function size() {
    return place.turn % 180 ? [place.h, place.w] : [place.w, place.h];
  }

  function put() {
    const [w, h] = size();
    const wide = view.clientWidth;
    const high = view.clientHeight;
    const overX = Math.max(0, w * place.zoom - wide);
    const overY = Math.max(0, h * place.zoom - high);
    place.x = overX ? clamp(place.x, -overX - 40, 40) : (wide - w * place.zoom) / 2;
    place.y = overY ? clamp(place.y, -overY - 40, 40) : 0;
    const turned = {
      0: "", 90: `translate(${place.h}px,0) rotate(90deg)`,
      180: `translate(${place.w}px,${place.h}px) rotate(180deg)`, 270: `translate(0,${place.w}px) rotate(270deg)`,
    }[place.turn];
    paper.style.transform = `translate(${place.x}px,${place.y}px) scale(${place.zoom}) ${turned}`;
  }

  // Fit the width, or the whole page; a choice of the person's is kept for the next pages.
  function fit(whole = place.isWhole, { isChoice = false } = {}) {
    const [w, h] = size();
    const wide = (view.clientWidth || 600) / w;
    const high = (view.clientHeight || 600) / h;
    if (isChoice) place.isWhole = whole;
    place.zoom = whole ? Math.min(wide, high) : wide;
    place.x = 0;
    place.y = 0;
    put();
  }

  function zoom(by, atX = view.clientWidth / 2, atY = view.clientHeight / 3) {
    const to = clamp(place.zoom * by, 0.08, 5);
    const ratio = to / place.zoom;
    place.x = atX - (atX - place.x) * ratio;
    place.y = atY - (atY - place.y) * ratio;
    place.zoom = to;
    put();
  }

  function pan(dx, dy) {
    place.x += dx;
    place.y += dy;
    put();
  }

  // From the page (0..1) to the turned page in its pixels, and back.
  function turnPoint(u, v) {
    const x = u * place.w;
    const y = v * place.h;
    return { 0: [x, y], 90: [place.h - y, x], 180: [place.w - x, place.h - y], 270: [y, place.w - x] }[place.turn];
  }

  function pagePoint(event) {
    const edge = view.getBoundingClientRect();
    const x = (event.clientX - edge.left - place.x) / place.zoom;
    const y = (event.clientY - edge.top - place.y) / place.zoom;
    const [px, py] = {
      0: [x, y], 90: [y, place.h - x], 180: [place.w - x, place.h - y], 270: [place.w - y, x],
    }[place.turn];
    return [px / place.w, py / place.h];
  }

  function goTo(box) {
    const [ax, ay] = turnPoint(box[0], box[1]);
    const [bx, by] = turnPoint(box[2], box[3]);
    const [x0, x1] = [Math.min(ax, bx), Math.max(ax, bx)];
    const [y0, y1] = [Math.min(ay, by), Math.max(ay, by)];
    const [w] = size();
    const wide = view.clientWidth;
    const fitted = wide / w;
    place.zoom = clamp(Math.min(22 / (y1 - y0), (wide * 0.8) / (x1 - x0)), fitted * 1.4, fitted * 2.4);
    place.x = wide * 0.5 - ((x0 + x1) / 2) * place.zoom;
    place.y = view.clientHeight * 0.3 - ((y0 + y1) / 2) * place.zoom;
    if (place.x > 0) place.x = 0;
    put();
  }

  function drawBoxes() {
    const doc = s.current;
    over.replaceChildren();
    if (!doc || !shownPage) return;
    const [w, h] = [place.w, place.h];
    over.setAttribute("viewBox", `0 0 ${w} ${h}`);
    const chosen = s.candidates.chosen();
    const against = new Set();
    for (const field of chosen ? chosen.fields : []) {
      if (field.agreement !== "conflict" || !field.box || field.page !== shownPage.position) continue;
      const kind = FIELD_OF[field.name] || field.name;
      if (against.has(kind)) continue;
      against.add(kind);
      drawBox(field.box, kind, `✗ ${TAGS[kind] || field.label}`, "against");
    }
    for (const field of doc.fields) {
      const isFocused = s.fields.focused() === field.name;
      if (!isFocused && !MAIN_FIELDS.includes(field.name)) continue;
      for (const other of field.alternatives) {
        if (other.page === shownPage.position) drawBox(other.box, field.name, "", "other");
      }
      const now = s.fields.placeOf(field);
      if (now.box && now.page === shownPage.position && !against.has(field.name)) {
        drawBox(now.box, field.name, TAGS[field.name], isFocused ? "focused" : "");
      }
    }
  }

  function drawBox(box, kind, tag, how) {
    const [w, h] = [place.w, place.h];
    const pad = 0.0035 * h;
    const x = box[0] * w - pad;
    const y = box[1] * h - pad;
    const rect = { x, y, width: (box[2] - box[0]) * w + 2 * pad, height: (box[3] - box[1]) * h + 2 * pad, rx: pad };
    over.append(svg("rect", { ...rect, class: `box k-${kind} ${how}` }));
    if (!tag) return;
    const high = Math.min(0.0105 * h, rect.height * 0.7);
    const [wide, tall] = [tag.length * high * 0.68 + high, high * 1.35];
    const { left, top } = freePlace(rect, wide, tall);
    over.append(svg("rect", { x: left, y: top, width: wide, height: tall, class: `tag k-${kind} ${how}` }));
    const words = svg("text", { x: left + high * 0.5, y: top + high * 1.02, "font-size": high, class: `tagword ${how}` });
    words.textContent = tag;
    over.append(words);
  }

  // Beside a box, where the label hides the least of what is written.
  function freePlace(rect, wide, tall) {
    const middle = rect.y + (rect.height - tall) / 2;
    const places = [
      [rect.x + rect.width, middle], [rect.x, rect.y - tall], [rect.x + rect.width - wide, rect.y - tall],
      [rect.x, rect.y + rect.height], [rect.x - wide, middle],
    ].filter(([x, y]) => x >= 0 && y >= 0 && x + wide <= place.w && y + tall <= place.h);
    const hides = ([x, y]) => (shownPage.words || []).reduce((sum, [, x0, y0, x1, y1]) => {
      const across = Math.min(x + wide, x1 * place.w) - Math.max(x, x0 * place.w);
      const down = Math.min(y + tall, y1 * place.h) - Math.max(y, y0 * place.h);
      return sum + (across > 0 && down > 0 ? across * down : 0);
    }, 0);
    const costs = places.map(hides);
    const [left, top] = places[costs.indexOf(Math.min(...costs))] || [rect.x, rect.y];
    return { left, top };
  }

  function putImage(image, turn) {
    place.w = image.naturalWidth;
    place.h = image.naturalHeight;
    place.turn = turn;
    paper.style.width = `${place.w}px`;
    paper.style.height = `${place.h}px`;
    over.setAttribute("width", place.w);
    over.setAttribute("height", place.h);
    image.alt = "Scanned page";
    image.draggable = false;
    paper.replaceChildren(image, over);
  }

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  // Show a page of the current document; what is painted is told through s.painted.
  function show(doc, position, { keepPlace = false } = {}) {
    const page = pageAt(doc, position);
    const isOther = shownPage !== page;
    shownPage = page;
    doc.draft.page = page.position;
    clearTimeout(seenTimer);
    s.isPainted = false;
    const turn = s.turnOf(doc, page);
    const now = s.images.ready(page, "view");
    if (now) return paint(doc, page, now, turn, keepPlace && !isOther);
    clearPaper();
    say("Loading the page …");
    return s.images.load(page, "view", 0).then(
      (image) => {
        if (s.current === doc && shownPage === page) paint(doc, page, image, s.turnOf(doc, page), false);
      },
      () => {
        if (s.current !== doc || shownPage !== page || s.isOver) return;
        say("The page image could not be loaded. Press I to try again.");
        s.say("The page image could not be loaded. Press I to try again.");
      },
    );
  }

  function paint(doc, page, image, turn, keepPlace) {
    say("");
    putImage(image, turn);
    if (!keepPlace) fit();
    else put();
    drawBoxes();
    requestAnimationFrame(() => setTimeout(() => {
      if (s.current !== doc || shownPage !== page) return;
      s.painted(doc, page);
      clearTimeout(seenTimer);
      seenTimer = setTimeout(() => s.current === doc && shownPage === page && s.saw(doc, page), SEEN_MS);
    }));
  }

  function clear() {
    shownPage = null;
    clearTimeout(seenTimer);
    clearPaper();
    say("");
  }

  function clearPaper() {
    paper.replaceChildren();
    paper.style.width = paper.style.height = "0";
  }

  function turnBy() {
    const doc = s.current;
    place.turn = s.turnOf(doc, shownPage);
    fit(true);
    drawBoxes();
  }

  // --- Pointer -----------------------------------------------------------------------------------
  let drag = null;
  s.listen(view, "wheel", (event) => {
    event.preventDefault();
    const edge = view.getBoundingClientRect();
    if (event.ctrlKey) zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - edge.left, event.clientY - edge.top);
    else pan(-event.deltaX, -event.deltaY);
  }, { passive: false });
  s.listen(view, "pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // the field keeps the focus
    drag = { x: event.clientX, y: event.clientY, fromX: place.x, fromY: place.y, isMoved: false };
    view.setPointerCapture(event.pointerId);
  });
  s.listen(view, "pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (Math.abs(dx) + Math.abs(dy) > 4) drag.isMoved = true;
    if (!drag.isMoved) return;
    place.x = drag.fromX + dx;
    place.y = drag.fromY + dy;
    put();
  });
  s.listen(view, "pointerup", (event) => {
    const was = drag;
    drag = null;
    if (!was || was.isMoved || !s.current || !shownPage) return;
    const [doc, page, point] = [s.current, shownPage, pagePoint(event)];
    s.words(doc, page.position).then((words) => {
      const word = s.current === doc && wordAt(words, point);
      if (word) s.fields.takeWord(word, page.position, event.shiftKey);
    });
  });

  return {
    show, clear, fit, zoom, pan, goTo, drawBoxes, turnBy, put,
    page: () => shownPage,
    swapFit: () => fit(!place.isWhole, { isChoice: true }),
    scale: () => place.zoom,
    pointOf: (u, v) => {
      const [x, y] = turnPoint(u, v);
      return [place.x + x * place.zoom, place.y + y * place.zoom];
    },
  };
}

function wordAt(words, [x, y]) {
  const slack = 0.004;
  return (words || []).find(
    ([, x0, y0, x1, y1]) => x >= x0 - slack && x <= x1 + slack && y >= y0 - slack && y <= y1 + slack,
  );
}
