// Page images: fetched ahead into memory (never into the disk cache), decoded, and forgotten after use.

const FETCHES = 3; // at once, so that decisions always find a free connection

function makeImages(s) {
  const held = new Map(); // "page:size" -> { promise, url }
  const waiting = []; // { run, urgency }
  let running = 0;

  function next() {
    while (running < FETCHES && waiting.length) {
      waiting.sort((a, b) => a.urgency - b.urgency);
      const job = waiting.shift();
      running += 1;
      job.run().finally(() => {
        running -= 1;
        next();
      });
    }
  }

  function enqueue(work, urgency) {
    return new Promise((resolve, reject) => {
      waiting.push({ urgency, run: () => work().then(resolve, reject) });
      next();
    });
  }

  async function fetchImage(page, size, entry) {
    if (entry.isDropped) throw new Error("dropped");
    const answer = await fetch(`/page/${page.id}.jpg?size=${size}`, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { "X-Backfile": "1" },
    });
    if (answer.status === 401) {
      s.end();
      throw new Error("ended");
    }
    if (!answer.ok) throw new Error(String(answer.status));
    entry.url = URL.createObjectURL(await answer.blob());
    if (entry.isDropped) {
      URL.revokeObjectURL(entry.url);
      throw new Error("dropped");
    }
    const image = new Image();
    image.src = entry.url;
    await image.decode();
    return image;
  }

  // Urgency: 0 on the screen now, 1 the next document's, 2 other pages, 3 thumbnails.
  function load(page, size, urgency) {
    const key = `${page.id}:${size}`;
    let entry = held.get(key);
    if (!entry) {
      entry = { isDropped: false, url: null, image: null };
      entry.promise = enqueue(() => fetchImage(page, size, entry), urgency).then((image) => {
        entry.image = image;
        return image;
      });
      entry.promise.catch(() => held.get(key) === entry && held.delete(key));
      held.set(key, entry);
    }
    return entry.promise;
  }

  function ready(page, size) {
    return held.get(`${page.id}:${size}`)?.image || null;
  }

  function drop(doc) {
    for (const page of doc.pages) {
      for (const size of ["view", "thumb"]) {
        const entry = held.get(`${page.id}:${size}`);
        if (!entry) continue;
        entry.isDropped = true;
        held.delete(`${page.id}:${size}`);
        if (entry.url) setTimeout(() => URL.revokeObjectURL(entry.url), 2000); // it may still be painted
      }
    }
  }

  function dropAll() {
    waiting.length = 0;
    for (const entry of held.values()) {
      entry.isDropped = true;
      if (entry.url) URL.revokeObjectURL(entry.url);
    }
    held.clear();
  }

  function prefetch(doc, urgency) {
    const first = pageAt(doc, doc.draft.page);
    load(first, "view", urgency).catch(() => {});
    if (doc.pages.length > 1) {
      for (const page of doc.pages.slice(0, 12)) load(page, "thumb", urgency + 2).catch(() => {});
    }
  }

  // The other pages of the document on the screen, the nearest first.
  function prefetchAround(doc) {
    const at = doc.draft.page;
    const near = [...doc.pages].sort((a, b) => Math.abs(a.position - at) - Math.abs(b.position - at));
    for (const page of near.slice(0, 9)) load(page, "view", 2).catch(() => {});
    if (doc.pages.length > 1) for (const page of doc.pages) load(page, "thumb", 3).catch(() => {});
  }

  return { load, ready, drop, dropAll, prefetch, prefetchAround };
}

function pageAt(doc, position) {
  return doc.pages[clamp(position, 1, doc.pages.length) - 1];
}

const MOST_LINES = 3;
const LEAST_SCALE = 0.6; // made smaller down to this, before it is cut into lines

// Draw what stands in a box of a page, as the person sees it turned. What is too wide to be read in the room
// it has is cut into lines.
function drawCrop(canvas, image, box, rotation, height, mostWide) {
  const cut = cutOut(image, box, rotation, height);
  const lines = clamp(Math.ceil((cut.width * LEAST_SCALE) / mostWide), 1, MOST_LINES);
  const shared = lines > 1 ? height : 0; // a letter that is cut through is whole on the next line
  const part = (cut.width + shared * (lines - 1)) / lines;
  const scale = Math.min(1, mostWide / part);
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(part * scale * dots));
  canvas.height = Math.max(1, Math.round(cut.height * scale * dots * lines));
  canvas.style.width = `${canvas.width / dots}px`;
  canvas.style.height = `${canvas.height / dots}px`;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  const high = canvas.height / lines;
  for (let line = 0; line < lines; line += 1) {
    pen.save();
    pen.beginPath();
    pen.rect(0, line * high, canvas.width, high);
    pen.clip();
    pen.translate(-line * (part - shared) * scale * dots, line * high);
    pen.scale(scale * dots, scale * dots);
    cut.draw(pen);
    pen.restore();
  }
}

// The box with a rim around it, turned upright for the person, so that its text has the height.
function cutOut(image, [x0, y0, x1, y1], rotation, height) {
  const [w, h] = [image.naturalWidth, image.naturalHeight];
  const pad = 0.25 * (y1 - y0) * h;
  const left = Math.max(0, x0 * w - pad);
  const top = Math.max(0, y0 * h - pad);
  const wide = Math.min(w, x1 * w + pad) - left;
  const high = Math.min(h, y1 * h + pad) - top;
  const isAcross = rotation % 180 !== 0;
  const scale = height / Math.min(wide, high);
  const [outW, outH] = isAcross ? [high * scale, wide * scale] : [wide * scale, high * scale];
  const draw = (pen) => {
    pen.translate(outW / 2, outH / 2);
    pen.rotate((rotation * Math.PI) / 180);
    pen.scale(scale, scale);
    pen.drawImage(image, left, top, wide, high, -wide / 2, -high / 2, wide, high);
  };
  return { width: outW, height: Math.min(outH, 4 * height), draw };
}
