// The deployed model, each task as warm as it is late. The watermark of bpmn.io stays visible, as its licence asks.
const canvas = document.getElementById("diagram");
const viewer = new BpmnJS({ container: canvas });
draw();

async function draw() {
  const answer = await fetch(canvas.dataset.source);
  const found = await answer.json();
  await viewer.importXML(found.xml);
  const known = viewer.get("elementRegistry");
  for (const { element_id: id, waiting, late } of found.heat) {
    if (!known.get(id)) continue;
    const share = late / waiting;
    viewer.get("canvas").addMarker(id, share >= 0.3 ? "hot" : share >= 0.1 ? "warm" : "cool");
    const badge = document.createElement("a");
    badge.className = "badge";
    badge.href = `/cases?status=all_open&element=${encodeURIComponent(id)}`;
    badge.textContent = late ? `${waiting}（${late}）` : `${waiting}`;
    viewer.get("overlays").add(id, { position: { top: -12, left: 4 }, html: badge });
  }
  viewer.get("canvas").zoom("fit-viewport");
  canvas.dataset.ready = "1";
}
