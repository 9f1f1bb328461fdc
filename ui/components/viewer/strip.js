// The thumbnails beside the page, each fetched when it comes into sight.
class PageStrip {
  constructor(onMove) {
    this.onMove = onMove;
    this.root = make("div", "strip");
    this.root.setAttribute("aria-label", "Pages");
    this.urls = new Map(); // page id -> promise of a blob address, null where there is none
    this.eye = new IntersectionObserver((seen) => this.load(seen), { root: this.root });
  }

  fill(pages) {
    this.letGo();
    this.root.hidden = pages.length < 2;
    this.root.replaceChildren(
      ...pages.map((page, at) => {
        const button = makeButton("", `Page ${at + 1}`, () => this.onMove(at), "thumb");
        button.dataset.page = page.id;
        button.append(make("span", "number", `${at + 1}${page.reliable ? "" : " ?"}`));
        if (!page.reliable) button.title = `Page ${at + 1}: not reliably readable`;
        this.eye.observe(button);
        return button;
      }),
    );
  }

  load(seen) {
    for (const { isIntersecting, target } of seen) {
      const id = target.dataset.page;
      if (!isIntersecting || this.urls.has(id)) continue;
      const loading = fetch(`/page/${encodeURIComponent(id)}.jpg?size=thumb`, {
        credentials: "same-origin",
        cache: "no-store",
      })
        .then((answer) => (answer.ok ? answer.blob() : null))
        .then((blob) => (blob ? URL.createObjectURL(blob) : null))
        .catch(() => null);
      this.urls.set(id, loading);
      loading.then((url) => {
        if (!url) return;
        const image = make("img");
        image.src = url;
        image.alt = "";
        target.prepend(image);
      });
    }
  }

  mark(shown) {
    [...this.root.children].forEach((button, at) => {
      const isShown = at === shown;
      button.classList.toggle("shown", isShown);
      button.setAttribute("aria-current", isShown ? "page" : "false");
      if (isShown) button.scrollIntoView({ block: "nearest" });
    });
  }

  letGo() {
    this.eye.disconnect();
    this.urls.forEach((url) => url.then((one) => one && URL.revokeObjectURL(one)));
    this.urls.clear();
  }
}
