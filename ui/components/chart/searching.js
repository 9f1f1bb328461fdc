// Searching: the hits, how many there are of what kind, and what a search could not look at.
const CHIPS_SHOWN = 3;
const ORDERS = [["best", "best first"], ["newest", "newest first"], ["oldest", "oldest first"]];

function addSearching(s) {
  s.search = async ({ offset = 0, keepFilter = false } = {}) => {
    const text = s.find(".query").value.trim();
    if (!text) return;
    if (text !== s.text || !keepFilter) {
      if (!keepFilter) s.filter = { types: new Set(), years: new Set() };
      s.text = kept.text = text;
    }
    const turn = ++s.turn;
    const begun = performance.now();
    s.showTab("hits");
    s.find(".hits").setAttribute("aria-busy", "true");
    const answer = await s.ask(
      "find",
      {
        patient: s.isAll ? null : s.chart.patient.id,
        text,
        types: [...s.filter.types],
        years: [...s.filter.years],
        order: s.order,
        offset,
      },
      (error) => turn === s.turn && s.failSearch(error),
    );
    if (turn !== s.turn || s.isEnded) return;
    s.find(".hits").removeAttribute("aria-busy");
    if (!answer) return;
    if (!offset) {
      s.hits = [];
      s.hit = -1;
      s.word = -1;
      s.find(".hits .list").replaceChildren();
    }
    s.find(".hits .alert").hidden = true;
    s.next = answer.next;
    s.showSays(answer);
    s.showFacets(answer);
    s.addHits(answer.hits);
    s.root.querySelector('.tab[data-tab="hits"]').textContent = `Hits ${answer.shown}${answer.partial ? "+" : ""}`;
    if (!offset) {
      s.find(".query").blur();
      if (s.document) s.showPage(s.document, s.viewer.at, { boxes: [] });
    }
    requestAnimationFrame(() => {
      s.root.dataset.took = String(Math.round(performance.now() - begun));
      s.root.dataset.answered = text;
    });
  };

  s.failSearch = (error) => {
    const isDown = error.code === "server_down";
    const alert = s.find(".hits .alert");
    alert.hidden = false;
    alert.replaceChildren(make("b", "", isDown ? "Search is down." : error.what), ` ${isDown ? `${error.what} ` : ""}${error.next_step}`);
    if (isDown && !s.isAll) {
      alert.append(
        make("p", "", "This says nothing about what is in the chart. The timeline and all page images still open."),
        makeButton("Open the timeline", "Timeline (t)", () => s.showTab("time")),
      );
    }
    s.hits = [];
    s.hit = -1;
    s.find(".hits .says").replaceChildren();
    s.find(".hits .facets").replaceChildren();
    s.find(".hits .list").replaceChildren();
    s.root.querySelector('.tab[data-tab="hits"]').textContent = "Hits";
  };

  s.showSays = (answer) => {
    const says = [make("p", answer.total ? "answer" : "answer none", answer.says)];
    if (answer.total && !answer.shown) says.push(makeButton("Drop the filter", "Drop the filter", () => s.dropFilter()));
    answer.limits.forEach((limit, at) => {
      const line = make("p", "limit", limit);
      if (!at && answer.coverage.pages_unreliable && s.chart) {
        line.append(" ", makeButton("Show them", "Show the pages that are not reliably readable", () => s.listUnreliable(), "link"));
      }
      says.push(line);
    });
    if (answer.partial) says.push(make("p", "limit", "There are more hits than are counted below: search for more words."));
    s.find(".hits .says").replaceChildren(...says);
  };

  s.showFacets = (answer) => {
    const rows = [];
    const build = (name, title, values) => {
      if (values.length < 2 && !s.filter[name].size) return;
      const row = make("div", "facet");
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", title);
      row.append(make("span", "what", title));
      const chosen = s.filter[name];
      const offered = values.filter((one) => one.count || chosen.has(one.value));
      const isLong = offered.length > CHIPS_SHOWN + 1 && !s.unfolded.has(name);
      const first = isLong ? offered.filter((one, at) => at < CHIPS_SHOWN || chosen.has(one.value)) : offered;
      for (const { value, label, count: number } of first) {
        const chip = make("button", "chip", `${label} `);
        chip.type = "button";
        chip.append(make("span", "n", String(number)));
        chip.dataset.value = value;
        chip.setAttribute("aria-pressed", String(s.filter[name].has(value)));
        chip.onclick = () => {
          if (!s.filter[name].delete(value)) s.filter[name].add(value);
          s.search({ keepFilter: true });
        };
        row.append(chip);
      }
      if (isLong) {
        const unfold = () => (s.unfolded.add(name), s.showFacets(answer));
        row.append(makeButton(`+ ${offered.length - first.length}`, `Show all: ${title}`, unfold, "chip"));
      }
      rows.push(row);
    };
    if (answer.total) {
      build("types", "Type", answer.types);
      build("years", "Year", answer.years);
      const order = make("select", "order");
      order.setAttribute("aria-label", "Order of hits");
      for (const [value, label] of ORDERS) {
        const option = make("option", "", label);
        option.value = value;
        option.selected = value === s.order;
        order.append(option);
      }
      order.onchange = () => ((s.order = order.value), s.search({ keepFilter: true }));
      const row = make("div", "facet");
      row.append(make("span", "what", "Order"), order);
      if (s.filter.types.size || s.filter.years.size) row.append(makeButton("Drop the filter", "Drop the filter", () => s.dropFilter(), "chip"));
      rows.push(row);
    }
    s.find(".hits .facets").replaceChildren(...rows);
  };

  s.dropFilter = () => {
    s.filter = { types: new Set(), years: new Set() };
    s.search({ keepFilter: true });
  };

  s.addHits = (hits) => {
    const list = s.find(".hits .list");
    list.querySelector(".more")?.remove();
    for (const hit of hits) {
      const number = s.hits.push(hit) - 1;
      const item = make("li", "hit");
      const row = make("button", "row");
      row.type = "button";
      row.dataset.page = hit.page.id;
      const head = make("span", "head");
      head.append(
        make("b", "", hit.label),
        make("span", "date", hit.date ? showDate(hit.date) : "no date"),
        make("span", "page", `p. ${hit.page.position}`),
        badgeOf(hit.verified),
      );
      if (!hit.page.reliable) head.append(make("span", "badge dim", "? hard to read"));
      row.append(head);
      if (hit.patient && s.isAll) {
        const { name, birth_date: born, mrn } = hit.patient;
        row.append(make("span", "whose", `${name} · born ${born ? showDate(born) : "?"} · MRN ${mrn}`));
      }
      const snippet = make("span", "snippet");
      snippet.append(...markSnippet(hit.snippet, hit.marks));
      row.append(snippet);
      row.onclick = () => s.openHit(number);
      item.append(row);
      list.append(item);
    }
    if (s.next !== null) {
      const more = make("li", "more");
      more.append(makeButton("More hits", "More hits", () => s.search({ offset: s.next, keepFilter: true })));
      list.append(more);
    }
  };

  s.listUnreliable = () => {
    const rows = [];
    for (const one of s.chart.documents) {
      one.pages.forEach((page, at) => {
        if (page.reliable) return;
        const row = make("button", "row");
        row.type = "button";
        const head = make("span", "head");
        head.append(make("b", "", one.label), make("span", "date", one.date ? showDate(one.date) : "no date"), make("span", "page", `p. ${at + 1}`), badgeOf(one.verified));
        row.append(head);
        row.onclick = () => s.showPage(one, at, {});
        const item = make("li", "hit");
        item.append(row);
        rows.push(item);
      });
    }
    s.hits = [];
    s.hit = -1;
    s.find(".hits .facets").replaceChildren();
    s.find(".hits .list").replaceChildren(...rows);
  };
}
