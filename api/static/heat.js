// The deployed model, each task as warm as it is late.
drawHeat(document.getElementById("diagram"));

async function drawHeat(canvas) {
  const model = await openModel(canvas);
  if (!model) return;
  const { view, viewer } = model;
  for (const [id, { waiting, late, elements }] of together(model)) {
    const share = late / waiting;
    view.addMarker(id, share >= 0.3 ? "hot" : share >= 0.1 ? "warm" : "cool");
    const badge = document.createElement(elements.length === 1 ? "a" : "span");
    badge.className = "badge";
    if (elements.length === 1) badge.href = `/cases?status=all_open&element=${encodeURIComponent(elements[0])}`;
    badge.textContent = late ? `${waiting}（${late}）` : `${waiting}`;
    const overlay = { position: { top: -12, left: 4 }, html: badge, show: { minZoom: 0 }, scale: false };
    viewer.get("overlays").add(id, overlay);
  }
  view.zoom("fit-viewport");
  for (const name of document.querySelectorAll("th[data-element]")) offerToShow(model, canvas, name);
  canvas.dataset.ready = "1";
}

// The task's name in the table leads to its place in the diagram.
function offerToShow(model, canvas, name) {
  if (!model.known.get(name.dataset.element)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = name.textContent;
  button.addEventListener("click", () => {
    model.show(name.dataset.element);
    canvas.scrollIntoView({ block: "center" });
  });
  name.replaceChildren(button);
}

// What waits inside a collapsed subprocess counts where that one is drawn.
function together({ found: { heat }, drawn }) {
  const sums = new Map();
  for (const { element_id: id, waiting, late } of heat) {
    const shape = drawn(id);
    if (!shape) continue;
    const sum = sums.get(shape.id) || { waiting: 0, late: 0, elements: [] };
    sums.set(shape.id, { waiting: sum.waiting + waiting, late: sum.late + late, elements: [...sum.elements, id] });
  }
  return sums;
}
