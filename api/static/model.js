// A deployed model in its box, with buttons to look closer. The watermark of bpmn.io stays visible, as its licence asks.
const READABLE = 0.9;

async function openModel(canvas) {
  const viewer = new BpmnJS({ container: canvas });
  let found;
  try {
    const answer = await fetch(canvas.dataset.source);
    if (!answer.ok) throw new Error(String(answer.status));
    found = await answer.json();
    await viewer.importXML(found.xml);
  } catch {
    const told = document.createElement("p");
    told.className = "empty";
    told.textContent = canvas.dataset.failed;
    canvas.replaceChildren(told);
    return null;
  }
  const model = { viewer, found, view: viewer.get("canvas"), known: viewer.get("elementRegistry") };
  const top = model.view.getRootElement();
  // What lies inside a collapsed subprocess, on a plane of its own, is shown where that one is drawn.
  model.drawn = (id) => {
    let shape = model.known.get(id);
    while (shape && model.view.findRoot(shape) !== top) {
      shape = model.known.get(model.view.findRoot(shape).id.replace(/_plane$/, ""));
    }
    return shape;
  };
  model.show = (id) => {
    const shape = model.drawn(id);
    if (!shape) return false;
    model.view.setRootElement(top);
    model.view.zoom(READABLE);
    const { width, height } = model.view.viewbox().outer;
    model.view.scrollToElement(shape, { left: width / 2, right: width / 2, top: height / 2, bottom: height / 2 });
    return true;
  };
  const acts = {
    in: () => model.view.zoom(model.view.zoom() * 1.4),
    out: () => model.view.zoom(model.view.zoom() / 1.4),
    all: () => model.view.zoom("fit-viewport"),
    here: () => found.here && found.here.some(model.show),
  };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", acts[button.dataset.zoom]);
    button.closest(".zoom").hidden = false;
  }
  return model;
}
