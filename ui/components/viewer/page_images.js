const KEPT_IMAGES = 10;

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
