// The deployed model, each task as warm as it is late. The watermark of bpmn.io stays visible, as its licence asks.
const canvas = document.getElementById("diagram");
const viewer = new BpmnJS({ container: canvas });
draw();

async function draw() {
  const answer = await fetch(canvas.dataset.source);
  const found = await answer.json();
  await viewer.importXML(found.xml);
  const view = viewer.get("canvas");
  for (const [id, { waiting, late, elements }] of together(found.heat)) {
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
  canvas.dataset.ready = "1";
}

// What waits inside a collapsed subprocess counts where that one is drawn.
function together(heat) {
  const known = viewer.get("elementRegistry");
  const view = viewer.get("canvas");
  const top = view.getRootElement();
  const sums = new Map();
  for (const { element_id: id, waiting, late } of heat) {
    let shape = known.get(id);
    while (shape && view.findRoot(shape) !== top) shape = known.get(view.findRoot(shape).id.replace(/_plane$/, ""));
    if (!shape) continue;
    const sum = sums.get(shape.id) || { waiting: 0, late: 0, elements: [] };
    sums.set(shape.id, { waiting: sum.waiting + waiting, late: sum.late + late, elements: [...sum.elements, id] });
  }
  return sums;
}
