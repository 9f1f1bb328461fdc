// The documents of the chart by year.

function addTimeline(s) {
  s.fillTimeline = () => {
    const { documents, waiting, likely } = s.chart;
    const years = new Map();
    for (const one of documents) {
      const year = one.date.slice(0, 4) || "no date";
      if (!years.has(year)) years.set(year, []);
      years.get(year).push(one);
    }
    const most = Math.max(1, ...[...years.values()].map((held) => held.length));
    const list = [];
    const bars = [];
    for (const [year, held] of years) {
      const head = make("h3", "year", `${year} `);
      head.append(make("span", "n", count(held.length, "document")));
      const group = make("section");
      group.append(head, ...held.map((one) => s.makeTimelineRow(one)));
      list.push(group);
      const bar = make("button", "bar");
      bar.type = "button";
      bar.title = `${year}: ${count(held.length, "document")}`;
      bar.setAttribute("aria-label", bar.title);
      const fill = make("span", "fill");
      fill.style.height = `${4 + Math.round((28 * held.length) / most)}px`;
      bar.append(fill, make("span", "label", year === "no date" ? "?" : year));
      bar.onclick = () => head.scrollIntoView({ block: "start" });
      bars.push(bar);
    }
    const pages = documents.reduce((sum, one) => sum + one.pages.length, 0);
    const says = make("p", "limit", `${count(documents.length, "document")}, ${count(pages, "page")} filed.`);
    if (!documents.length) says.textContent = "Nothing is filed in this chart yet.";
    const notes = [says];
    if (likely) notes.push(make("p", "limit", `${count(likely, "document")} perhaps of this patient ${likely === 1 ? "awaits" : "await"} verification and ${likely === 1 ? "is" : "are"} not shown.`));
    else if (waiting) notes.push(make("p", "limit", `${count(waiting, "document")} of the archive ${waiting === 1 ? "awaits" : "await"} verification; any may belong here.`));
    s.find(".time .years").replaceChildren(...bars);
    s.find(".time .years").hidden = bars.length < 2;
    s.find(".time .list").replaceChildren(...notes, ...list);
    s.root.querySelector('.tab[data-tab="time"]').textContent = `Timeline ${documents.length}`;
  };

  s.makeTimelineRow = (one) => {
    const row = make("button", "row");
    row.type = "button";
    row.dataset.document = one.id;
    const dim = one.pages.filter((page) => !page.reliable).length;
    row.append(
      make("span", "date", one.date ? showDate(one.date) : "no date"),
      make("b", "", one.label),
      make("span", "page", `${one.pages.length} p.`),
      badgeOf(one.verified),
    );
    if (dim) row.append(make("span", "badge dim", `? ${dim === one.pages.length ? "" : `${dim} `}hard to read`));
    row.onclick = () => s.openFromTimeline(one);
    return row;
  };

  s.openFromTimeline = (held) => {
    const answers = new Map(s.hits.map((hit, number) => [hit.page.id, number]));
    const first = held.pages.findIndex((page) => answers.has(page.id));
    s.hit = first < 0 ? -1 : answers.get(held.pages[first].id);
    const hit = s.hits[s.hit];
    s.showPage(held, 0, hit && first === 0 ? { boxes: hit.words, current: 0 } : {});
    s.root.querySelector(`.time .row[data-document="${held.id}"]`)?.scrollIntoView({ block: "nearest" });
  };
}
