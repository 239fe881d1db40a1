// The deployed model with the position of one case. The watermark of bpmn.io stays visible, as its licence asks.
const canvas = document.getElementById("diagram");
const viewer = new BpmnJS({ container: canvas });
const data = await_data();
async function await_data() {
  const answer = await fetch(canvas.dataset.source);
  const found = await answer.json();
  await viewer.importXML(found.xml);
  const view = viewer.get("canvas");
  const known = viewer.get("elementRegistry");
  const mark = (ids, name) => ids.filter((id) => known.get(id)).forEach((id) => view.addMarker(id, name));
  mark(found.passed, "passed");
  mark(found.here, "here");
  view.zoom("fit-viewport");
  const here = found.here.map((id) => known.get(id)).find(Boolean);
  if (here) {
    view.zoom(0.8);
    view.scrollToElement(here, 200);
  }
  canvas.dataset.ready = "1";
}
