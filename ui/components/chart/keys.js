// The keyboard, and what its keys do.
const KEYS = [
  ["/", "go to the search words"],
  ["Enter", "search; open the hit or document under the focus"],
  ["j  k", "next, previous hit (or document of the timeline)"],
  ["n  N", "next, previous hit word, on to the next page"],
  ["t", "timeline and back"],
  ["Page Down  Page Up", "next, previous page of the document"],
  ["+  -  0  9", "larger, smaller, fit the width, fit the page"],
  ["← →", "move the page; drag or turn the wheel as well"],
  ["p", "choose another patient"],
  ["Esc", "leave the field"],
];

function addKeys(s) {
  s.showHelp = () => {
    const help = s.find(".keyhelp");
    const table = make("table");
    for (const [keys, what] of KEYS) {
      const row = make("tr");
      const cell = make("td");
      cell.append(...keys.split("  ").flatMap((key, at) => (at ? [" ", make("kbd", "", key)] : [make("kbd", "", key)])));
      row.append(cell, make("td", "", what));
      table.append(row);
    }
    help.replaceChildren(make("h3", "", "Keys"), table, makeButton("Close", "Close (Esc)", () => help.close()));
    help.showModal();
  };

  s.key = (event) => {
    if (s.isEnded) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (s.find(".keyhelp")?.open || s.find(".open")?.hidden !== false) return;
    const path = event.composedPath();
    if (isTyping(event)) {
      if (event.key === "Escape" && path.includes(s.root)) path[0].blur();
      else if (event.key === "ArrowDown" && path[0] === s.find(".query")) s.stepHit(1);
      else return;
      event.preventDefault();
      return;
    }
    const acts = {
      "/": () => (s.find(".query").focus(), s.find(".query").select()),
      j: () => s.stepHit(1),
      k: () => s.stepHit(-1),
      ArrowDown: () => s.stepHit(1),
      ArrowUp: () => s.stepHit(-1),
      n: () => s.stepWord(1),
      N: () => s.stepWord(-1),
      t: () => !s.isAll && s.showTab(s.tab === "time" ? "hits" : "time"),
      p: () => s.leave(),
      "?": () => s.showHelp(),
    };
    const act = acts[event.key];
    if (act) act();
    else if (event.key === "Enter" && path[0].tagName !== "BUTTON" && s.hit < 0 && s.hits.length) s.openHit(0);
    else if (!s.viewer.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
