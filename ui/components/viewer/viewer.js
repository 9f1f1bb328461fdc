// Shows page images with boxes over their words: zoom, pan, thumbnails, keyboard. Other scripts stand on it.
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 8;

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
    this.strip = new PageStrip((at) => this.onMove(at));
    const body = make("div", "body");
    body.append(this.strip.root, this.window);
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
    this.strip.fill([]);
    this.overlay.replaceChildren();
    this.image.removeAttribute("src");
    this.sheet.classList.add("waiting");
    this.root.querySelector(".tools").classList.add("idle");
    this.root.querySelectorAll(".details, .save").forEach((button) => button.remove());
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
    if (isOther) this.strip.fill(pages);
    this.strip.mark(at);
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
    this.strip.letGo();
  }
}
