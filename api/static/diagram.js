// The deployed model with the position of one case.
drawPosition(document.getElementById("diagram"));

async function drawPosition(canvas) {
  const model = await openModel(canvas);
  if (!model) return;
  const { found, known, view } = model;
  const shapes = (ids) => new Set(ids.flatMap((id) => [known.get(id), model.drawn(id)]).filter(Boolean));
  const here = shapes(found.here);
  for (const shape of shapes(found.passed)) if (!here.has(shape)) view.addMarker(shape, "passed");
  for (const shape of here) view.addMarker(shape, "here");
  if (!found.here.some(model.show)) view.zoom("fit-viewport");
  canvas.dataset.ready = "1";
}
