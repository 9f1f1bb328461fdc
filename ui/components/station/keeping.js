// Staying in touch: the link, the session, claims, the size of the screen, closing.

const RENEW_MS = 60000;

function addKeeping(s, parent, data, heard) {
  let renewTimer = 0;

  s.failed = (error) => {
    if (error instanceof SessionOver) return s.end();
    if (!(error instanceof LinkLost) || s.isOver) return;
    s.isLost = true;
    const line = s.find(".lost");
    line.hidden = false;
    line.textContent = "The link to the server is lost. Keys are locked; your decisions are kept and sent when it is back.";
    s.root.dataset.link = "lost";
    s.drawBar();
  };

  s.linked = () => {
    if (!s.isLost) return;
    s.isLost = false;
    s.find(".lost").hidden = true;
    s.root.dataset.link = "up";
    s.say("The link is back.", "info");
    s.decisions.send();
    if (!s.current) s.queue.claim().catch(() => {});
    s.drawBar();
  };

  // The session is over: nothing of a patient stays on the screen.
  s.end = () => {
    if (s.isOver) return;
    s.isOver = true;
    s.current = null;
    stop();
    s.root.dataset.state = "ended";
    s.root.replaceChildren(
      el("div", { class: "ended", role: "alert" }, el("h2", {}, "Session ended."), el("p", {}, el("a", { href: "/login", target: "_self" }, "Sign in"), " to go on. What was not saved has to be decided again.")),
    );
  };

  // A claim is renewed only by somebody who works here.
  function renew() {
    if (s.isUsed && !s.isOver) {
      s.isUsed = false;
      post("/data/verify/renew", { station: s.station }).then((answer) => {
        s.linked();
        s.queue.setCounts(answer);
        s.drawBar();
      }, s.failed);
    }
  }

  s.lookAtTheme = () => {
    const color = getComputedStyle(s.root).getPropertyValue("--st-background-color").trim();
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = color || "#ffffff";
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
    s.root.dataset.tone = 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
  };

  function resize() {
    const top = s.root.getBoundingClientRect().top + window.scrollY;
    s.root.style.setProperty("--high", `${Math.max(460, window.innerHeight - top - 10)}px`);
    if (s.current && s.isPainted) s.sheet.fit();
  }

  const doing = {
    confirm: () => s.mayAct() && s.confirm(), reject: () => s.mayAct() && s.ask("reject"),
    postpone: () => s.mayAct() && s.postpone(), split: () => s.mayAct() && s.split(),
    type: () => s.mayAct() && s.ask("types"), search: () => s.mayAct() && s.ask("search"),
    undo: () => s.mayAct() && s.undo(), help: () => s.dialogs.help(),
    pageUp: () => s.turnPage(-1), pageDown: () => s.turnPage(1),
    zoomIn: () => s.sheet.zoom(1.2), zoomOut: () => s.sheet.zoom(1 / 1.2), fit: () => s.sheet.swapFit(),
    turnLeft: () => s.mayAct() && s.turn(-90), turnRight: () => s.mayAct() && s.turn(90),
  };

  function click(event) {
    const button = event.target.closest("[data-do]");
    if (!button || s.isOver || (!s.current && !["help", "undo"].includes(button.dataset.do))) return;
    if (event.detail) s.focus(); // a later Space must not press it again
    doing[button.dataset.do]();
  }

  s.begin = () => {
    s.listen(s.root, "click", click);
    s.listen(window, "resize", resize);
    s.listen(matchMedia("(prefers-color-scheme: dark)"), "change", () => setTimeout(s.lookAtTheme, 300));
    for (const kind of ["keydown", "pointerdown", "wheel"]) {
      s.listen(window, kind, () => { s.isUsed = true; }, { capture: true, passive: true });
    }
    s.listen(window, "beforeunload", (event) => {
      if (s.decisions.unsaved() && !s.isOver) event.preventDefault();
    });
    s.listen(window, "pagehide", release);
    renewTimer = setInterval(renew, RENEW_MS);
    resize();
    s.showNext();
    s.focus();
    const opened = s.queue.claim(data.first || null);
    opened.catch((error) => {
      if (!(error instanceof Denied) || !data.first) return;
      s.queue.claim().then(() => s.say(error.message), () => {});
    });
    opened.finally(() => {
      s.drawBar();
      resize();
    }).catch(() => {});
  };

  function release() {
    if (!s.isOver) post("/data/verify/release", { station: s.station }, { keepalive: true }).catch(() => {});
  }

  function stop() {
    clearInterval(renewTimer);
    s.queue.stop();
    s.decisions.stop();
    s.images.dropAll();
    for (const [target, type, listener, options] of heard) target.removeEventListener(type, listener, options);
    heard.length = 0;
  }

  s.close = () => {
    release();
    s.isOver = true;
    stop();
  };
}
