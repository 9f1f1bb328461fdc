// Shows page images with boxes over their words: zoom, pan, thumbnails, keyboard. Other scripts stand on it.
const SVG = "http://www.w3.org/2000/svg";
const KEPT_IMAGES = 10;
const MARGIN = 8;

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Backfile": "1" },
      credentials: "same-origin",
      cache: "no-store",
      body: JSON.stringify(body),
    });
  } catch {
    throw { code: "offline", what: "The server does not answer.", next_step: "Try again in a moment." };
  }
  if (answer.status === 401) throw { code: "session_ended", what: "Session ended.", next_step: "Sign in." };
  const got = await answer.json().catch(() => ({}));
  if (answer.ok) return got;
  throw got.error || { code: "failed", what: "Something went wrong.", next_step: "Try again." };
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function makeButton(label, title, act, className) {
  const button = make("button", className, label);
  button.type = "button";
  button.title = title;
  if (!/[A-Za-z]{2}/.test(label)) button.setAttribute("aria-label", title);
  button.onclick = act;
  return button;
}

function isTyping(event) {
  const target = event.composedPath()[0];
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
}

// Page images as blob addresses, never in the browser's disk cache; the oldest are let go.
class PageImages {
  constructor() {
    this.held = new Map();
  }

  get(id) {
    if (!this.held.has(id)) this.held.set(id, this.load(id));
    const image = this.held.get(id);
    this.held.delete(id);
    this.held.set(id, image);
    for (const old of this.held.keys()) {
      if (this.held.size <= KEPT_IMAGES) break;
      this.drop(old);
    }
    return image;
  }

  async load(id) {
    const answer = await fetch(`/page/${encodeURIComponent(id)}.jpg?size=view`, {
      credentials: "same-origin",
      cache: "no-store",
    }).catch(() => null);
    if (!answer) throw { status: 0 };
    if (!answer.ok) throw { status: answer.status };
    const url = URL.createObjectURL(await answer.blob());
    const image = new Image();
    image.src = url;
    await image.decode();
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  }

  drop(id) {
    const image = this.held.get(id);
    this.held.delete(id);
    image?.then((one) => URL.revokeObjectURL(one.url)).catch(() => {});
  }

  clear() {
    for (const id of [...this.held.keys()]) this.drop(id);
  }
}

// One page at a time of a list of pages. A page: {id, position, rotation, reliable}.
class PageViewer {
  constructor(root, { onMove = () => {}, onEnded = () => {} } = {}) {
    this.root = root;
    this.onMove = onMove;
    this.onEnded = onEnded;
    this.images = new PageImages();
    this.pages = [];
    this.at = -1;
    this.boxes = [];
    this.current = -1;
    this.thumbs = new Map();
    this.zoom = 1;
    this.x = this.y = 0;
    this.wish = "width";
    this.build();
    this.listen();
  }

  build() {
    const tools = make("div", "tools");
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Page");
    this.title = make("span", "title");
    this.count = make("span", "count");
    this.count.setAttribute("role", "status");
    tools.append(
      makeButton("‹", "Previous page (Page Up)", () => this.step(-1)),
      this.count,
      makeButton("›", "Next page (Page Down)", () => this.step(1)),
      this.title,
      makeButton("−", "Smaller (-)", () => this.scale(1 / 1.25)),
      makeButton("+", "Larger (+)", () => this.scale(1.25)),
      makeButton("Width", "Fit the width (0)", () => this.fit("width")),
      makeButton("Page", "Fit the whole page (9)", () => this.fit("page")),
    );
    this.window = make("div", "window");
    this.window.tabIndex = 0;
    this.sheet = make("div", "sheet");
    this.image = make("img");
    this.image.alt = "";
    this.image.draggable = false;
    this.overlay = document.createElementNS(SVG, "svg");
    this.overlay.setAttribute("viewBox", "0 0 1 1");
    this.overlay.setAttribute("preserveAspectRatio", "none");
    this.overlay.setAttribute("aria-hidden", "true");
    this.sheet.append(this.image, this.overlay);
    this.notice = make("div", "notice");
    this.notice.setAttribute("role", "status");
    this.window.append(this.sheet, this.notice);
    this.strip = make("div", "strip");
    this.strip.setAttribute("aria-label", "Pages");
    const body = make("div", "body");
    body.append(this.strip, this.window);
    this.root.replaceChildren(tools, body);
    this.empty("Choose a document or a hit to see its pages.");
  }

  // Show no page, and hold none.
  empty(text) {
    this.images.clear();
    this.pages = [];
    this.at = -1;
    this.boxes = [];
    delete this.root.dataset.shown;
    this.title.textContent = this.count.textContent = "";
    this.strip.hidden = true;
    this.strip.replaceChildren();
    this.overlay.replaceChildren();
    this.image.removeAttribute("src");
    this.sheet.classList.add("waiting");
    this.root.querySelector(".tools").classList.add("idle");
    this.root.querySelector(".details")?.remove();
    this.say(text);
  }

  listen() {
    this.stops = [];
    const on = (target, kind, act, options) => {
      target.addEventListener(kind, act, options);
      this.stops.push(() => target.removeEventListener(kind, act, options));
    };
    on(this.window, "wheel", (event) => this.wheel(event), { passive: false });
    let drag = null;
    on(this.window, "pointerdown", (event) => {
      drag = { px: event.clientX, py: event.clientY, x: this.x, y: this.y };
      this.window.setPointerCapture(event.pointerId);
    });
    on(this.window, "pointermove", (event) => {
      if (!drag) return;
      this.x = drag.x + event.clientX - drag.px;
      this.y = drag.y + event.clientY - drag.py;
      this.place();
    });
    const drop = () => (drag = null);
    on(this.window, "pointerup", drop);
    on(this.window, "pointercancel", drop);
    const sized = new ResizeObserver(() => this.fit(this.wish));
    sized.observe(this.window);
    this.stops.push(() => sized.disconnect());
    this.eye = new IntersectionObserver((seen) => this.loadThumbs(seen), { root: this.strip });
    this.stops.push(() => this.eye.disconnect());
  }

  // Show a page; boxes are [x0, y0, x1, y1] of the page, 0..1.
  show(pages, at, { title = "", boxes = [], current = -1, next = null } = {}) {
    const isOther = this.pages !== pages;
    this.pages = pages;
    this.at = at;
    this.boxes = boxes;
    this.current = current;
    this.title.textContent = title;
    this.title.title = title;
    this.root.querySelector(".tools").classList.remove("idle");
    if (isOther) this.buildStrip();
    this.markStrip();
    this.count.textContent = `page ${at + 1} of ${pages.length}`;
    this.following = next;
    return this.paint();
  }

  // Name the word that is looked at; the page moves so that it is in sight.
  mark(current) {
    this.current = current;
    this.overlay.querySelectorAll("rect").forEach((rect, number) => {
      rect.classList.toggle("current", number === current);
    });
    this.bringIntoSight();
  }

  async paint() {
    const page = this.pages[this.at];
    this.overlay.replaceChildren();
    this.say("");
    this.sheet.classList.add("waiting");
    let image;
    try {
      image = await this.images.get(page.id);
    } catch (error) {
      this.images.drop(page.id);
      if (this.pages[this.at] === page) this.fail(error.status);
      return;
    }
    if (this.pages[this.at] !== page) return;
    this.image.src = image.url;
    this.image.alt = `Scanned page ${this.at + 1} of ${this.pages.length}`;
    this.width = image.width;
    this.height = image.height;
    this.sheet.style.width = `${image.width}px`;
    this.sheet.style.height = `${image.height}px`;
    this.sheet.classList.remove("waiting");
    this.drawBoxes();
    this.fit(this.wish);
    this.bringIntoSight();
    await this.image.decode().catch(() => {});
    requestAnimationFrame(() => (this.root.dataset.shown = page.id));
    this.prefetch();
  }

  prefetch() {
    const coming = [this.following, this.pages[this.at + 1]?.id];
    for (const id of coming) if (id) this.images.get(id).catch(() => this.images.drop(id));
  }

  fail(status) {
    this.sheet.classList.add("waiting");
    this.image.removeAttribute("src");
    if (status === 401) return this.onEnded();
    if (status === 403) return this.say("This page is not open to you. Choose its patient in Search first.");
    const text = status ? "The image of this page could not be made." : "The server does not answer.";
    this.say(text, makeButton("Try again (I)", "Try again (I)", () => this.paint()));
  }

  say(text, ...more) {
    this.notice.replaceChildren(text, ...more);
    this.notice.hidden = !text;
  }

  blank() {
    this.images.clear();
    this.root.replaceChildren();
  }

  drawBoxes() {
    this.overlay.replaceChildren(
      ...this.boxes.map(([x0, y0, x1, y1], number) => {
        const rect = document.createElementNS(SVG, "rect");
        rect.setAttribute("x", x0);
        rect.setAttribute("y", y0);
        rect.setAttribute("width", x1 - x0);
        rect.setAttribute("height", y1 - y0);
        rect.setAttribute("class", number === this.current ? "hit current" : "hit");
        return rect;
      }),
    );
  }

  step(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.pages.length) return false;
    this.onMove(to);
    return true;
  }

  // placing

  turned() {
    const turn = (this.pages[this.at]?.rotation || 0) % 360;
    const isAcross = turn === 90 || turn === 270;
    return { turn, w: isAcross ? this.height : this.width, h: isAcross ? this.width : this.height };
  }

  fit(wish) {
    this.wish = wish;
    if (!this.width || this.at < 0) return;
    const { w, h } = this.turned();
    const across = (this.window.clientWidth - 2 * MARGIN) / w;
    const down = (this.window.clientHeight - 2 * MARGIN) / h;
    this.zoom = wish === "page" ? Math.min(across, down) : across;
    this.x = (this.window.clientWidth - w * this.zoom) / 2;
    this.y = MARGIN;
    this.place();
    if (wish === "width") this.bringIntoSight();
  }

  scale(by) {
    this.zoomAt(this.window.clientWidth / 2, this.window.clientHeight / 2, by);
  }

  zoomAt(px, py, by) {
    const zoom = Math.min(8, Math.max(0.05, this.zoom * by));
    const ratio = zoom / this.zoom;
    this.x = px - (px - this.x) * ratio;
    this.y = py - (py - this.y) * ratio;
    this.zoom = zoom;
    this.place();
  }

  wheel(event) {
    event.preventDefault();
    const frame = this.window.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      this.zoomAt(event.clientX - frame.left, event.clientY - frame.top, event.deltaY < 0 ? 1.15 : 1 / 1.15);
      return;
    }
    this.x -= event.deltaX;
    this.y -= event.deltaY;
    this.place();
  }

  place() {
    if (!this.width) return;
    const { turn, w, h } = this.turned();
    const room = 60;
    this.x = Math.min(this.window.clientWidth - room, Math.max(room - w * this.zoom, this.x));
    this.y = Math.min(this.window.clientHeight - room, Math.max(room - h * this.zoom, this.y));
    this.sheet.style.transform =
      `translate(${this.x}px, ${this.y}px) scale(${this.zoom}) ` +
      `translate(${w / 2}px, ${h / 2}px) rotate(${turn}deg) translate(${-this.width / 2}px, ${-this.height / 2}px)`;
  }

  // Where a point of the page (0..1) lies on the turned sheet, in its pixels.
  turnPoint(px, py) {
    const { turn, w, h } = this.turned();
    const dx = (px - 0.5) * this.width;
    const dy = (py - 0.5) * this.height;
    const angle = (turn * Math.PI) / 180;
    return [
      w / 2 + dx * Math.cos(angle) - dy * Math.sin(angle),
      h / 2 + dx * Math.sin(angle) + dy * Math.cos(angle),
    ];
  }

  bringIntoSight() {
    const box = this.boxes[this.current];
    if (!box || !this.width) return;
    const [cx, cy] = this.turnPoint((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    const px = this.x + cx * this.zoom;
    const py = this.y + cy * this.zoom;
    const { clientWidth: w, clientHeight: h } = this.window;
    if (px < w * 0.08 || px > w * 0.92) this.x += w / 2 - px;
    if (py < h * 0.12 || py > h * 0.88) this.y += h * 0.4 - py;
    this.place();
  }

  // thumbnails

  buildStrip() {
    this.eye.disconnect();
    this.thumbs.forEach((url) => url.then((one) => one && URL.revokeObjectURL(one)));
    this.thumbs.clear();
    this.strip.hidden = this.pages.length < 2;
    this.strip.replaceChildren(
      ...this.pages.map((page, at) => {
        const button = makeButton("", `Page ${at + 1}`, () => this.onMove(at), "thumb");
        button.dataset.page = page.id;
        button.append(make("span", "number", `${at + 1}${page.reliable ? "" : " ?"}`));
        if (!page.reliable) button.title = `Page ${at + 1}: not reliably readable`;
        this.eye.observe(button);
        return button;
      }),
    );
  }

  loadThumbs(seen) {
    for (const { isIntersecting, target } of seen) {
      const id = target.dataset.page;
      if (!isIntersecting || this.thumbs.has(id)) continue;
      const loading = fetch(`/page/${encodeURIComponent(id)}.jpg?size=thumb`, {
        credentials: "same-origin",
        cache: "no-store",
      })
        .then((answer) => (answer.ok ? answer.blob() : null))
        .then((blob) => (blob ? URL.createObjectURL(blob) : null))
        .catch(() => null);
      this.thumbs.set(id, loading);
      loading.then((url) => {
        if (!url) return;
        const image = make("img");
        image.src = url;
        image.alt = "";
        target.prepend(image);
      });
    }
  }

  markStrip() {
    [...this.strip.children].forEach((button, at) => {
      const isShown = at === this.at;
      button.classList.toggle("shown", isShown);
      button.setAttribute("aria-current", isShown ? "page" : "false");
      if (isShown) button.scrollIntoView({ block: "nearest" });
    });
  }

  // Returns whether the key was one of the viewer's.
  key(event) {
    const pan = { ArrowLeft: [60, 0], ArrowRight: [-60, 0] }[event.key];
    if (pan && this.width) {
      this.x += pan[0];
      this.y += pan[1];
      this.place();
      return true;
    }
    switch (event.key) {
      case "PageDown":
        return this.at >= 0 && (this.step(1), true);
      case "PageUp":
        return this.at >= 0 && (this.step(-1), true);
      case "+":
      case "=":
        return this.scale(1.25), true;
      case "-":
        return this.scale(1 / 1.25), true;
      case "0":
        return this.fit("width"), true;
      case "9":
        return this.fit("page"), true;
      case "i":
        return this.at >= 0 && (this.paint(), true);
      default:
        return false;
    }
  }

  destroy() {
    this.stops.forEach((stop) => stop());
    this.images.clear();
    this.thumbs.forEach((url) => url.then((one) => one && URL.revokeObjectURL(one)));
  }
}

function sayEnded(root) {
  const note = make("p", "ended", "Session ended. ");
  const link = make("a", "", "Sign in");
  link.href = "/login";
  note.append(link, ".");
  root.replaceChildren(note);
}
