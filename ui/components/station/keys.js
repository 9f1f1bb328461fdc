// The keyboard. No key pressed here reaches Streamlit: its "r" would rerun the app, its "c" clear caches.

function listenKeys(s) {
  const viewing = {
    PageDown: () => s.turnPage(1), PageUp: () => s.turnPage(-1), Home: () => s.showPage(1),
    End: () => s.showPage(s.current?.pages.length || 1),
    "+": () => s.sheet.zoom(1.2), "=": () => s.sheet.zoom(1.2), "-": () => s.sheet.zoom(1 / 1.2),
    0: () => s.sheet.swapFit(),
    ArrowDown: () => s.sheet.pan(0, -80), ArrowUp: () => s.sheet.pan(0, 80),
    ArrowLeft: () => s.sheet.pan(80, 0), ArrowRight: () => s.sheet.pan(-80, 0),
    i: () => s.reloadImage(), "?": () => s.dialogs.help(),
  };
  const deciding = {
    enter: () => s.confirm(), x: () => s.ask("reject"), " ": () => s.postpone(), s: () => s.split(),
    z: () => s.undo(), t: () => s.ask("types"), p: () => s.ask("search"),
    "]": () => s.turn(90), "[": () => s.turn(-90),
    n: () => s.edit("patient_name"), b: () => s.edit("birth_date"), m: () => s.edit("mrn"),
  };

  function press(event) {
    if (s.isOver || !s.root.isConnected) return;
    const target = event.composedPath()[0];
    const isInside = event.composedPath().includes(s.root);
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
    if (!isInside && (isTyping || /^(A|BUTTON)$/.test(target.tagName))) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopImmediatePropagation();
    markTime("backfile-key", event.timeStamp);
    if (s.dialogs.isOpen()) return s.dialogs.key(event);
    if (isTyping) {
      if (s.fields.key(event, target)) event.preventDefault();
      return;
    }
    const isButton = target.tagName === "BUTTON" && (event.key === "Enter" || event.key === " ");
    if (isButton) {
      if (event.repeat) event.preventDefault();
      return;
    }
    if (handle(event)) event.preventDefault();
  }

  function handle(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (viewing[key]) {
      if (s.current || key === "?") viewing[key]();
      return true;
    }
    if (key === "Tab") return !event.shiftKey && Boolean(s.current) && s.mayAct() && s.fields.nextDoubtful();
    const act = deciding[key === "Enter" ? "enter" : key] || (/^[1-9]$/.test(key) ? () => s.candidates.choose(Number(key) - 1) : null);
    if (!act) return key === "Escape" && (s.say(""), true);
    if (!event.repeat && s.mayAct()) act();
    return true;
  }

  // What other listeners make of letting a key go or of the letter itself is held back too.
  function hold(event) {
    const isInside = event.composedPath().includes(s.root);
    const isOurs = isInside || event.target === document.body;
    if (isOurs && /^[rc]$/i.test(event.key)) event.stopImmediatePropagation();
  }

  s.listen(document, "keydown", press, true);
  s.listen(document, "keyup", hold, true);
  s.listen(document, "keypress", hold, true);
}
