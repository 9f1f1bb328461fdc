// Saving a document as a searchable PDF. The server writes it, and notes who took it out.
const SAVE_TIMEOUT_MS = 600000;

// Offer to save a document in the viewer's tools; another document takes the place of the one before.
function offerPdf(viewer, id) {
  const tools = viewer.root.querySelector(".tools");
  tools.querySelector(".save")?.remove();
  const button = makeButton("Save PDF", "Save this document as a searchable PDF", () => savePdf(viewer, button, id), "save");
  tools.append(button);
}

async function savePdf(viewer, button, id) {
  button.disabled = true;
  button.textContent = "Saving…";
  try {
    const answer = await fetch("/data/document/pdf", {
      method: "POST",
      headers: { "X-Backfile": "1", "Content-Type": "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      body: JSON.stringify({ document: id }),
      signal: AbortSignal.timeout(SAVE_TIMEOUT_MS),
    });
    if (answer.status === 401) return void viewer.onEnded();
    if (answer.ok) return void keepFile(await answer.blob(), `${id}.pdf`);
    const { error } = await answer.json();
    viewer.say(`${error.what} ${error.next_step}`);
  } catch {
    viewer.say("The document could not be saved. Try again in a moment.");
  } finally {
    button.disabled = false;
    button.textContent = "Save PDF";
  }
}

function keepFile(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
