// The pages of one document. data: {key: the document, pages, title, export: may save it}.
const viewers = new WeakMap();

export default function ({ data, parentElement }) {
  let held = viewers.get(parentElement);
  if (!held) {
    held = start(parentElement);
    viewers.set(parentElement, held);
  }
  held.update(data);
  return () => {
    held.destroy();
    viewers.delete(parentElement);
  };
}

function start(parent) {
  const root = parent.querySelector(".viewer");
  const state = { key: "", pages: [], title: "" };
  const viewer = new PageViewer(root, {
    onMove: (to) => viewer.show(state.pages, to, { title: state.title }),
    onEnded: () => {
      viewer.blank();
      sayEnded(root);
    },
  });
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (viewer.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener("keydown", key, true);
  return {
    update(data) {
      if (state.key === data.key) return;
      Object.assign(state, data);
      if (data.pages.length) viewer.show(state.pages, 0, { title: state.title });
      if (data.export) offerPdf(viewer, data.key);
    },
    destroy() {
      window.removeEventListener("keydown", key, true);
      viewer.destroy();
    },
  };
}
