// Copies what pages load from node_modules into api/static/vendor. Run by `npm run build`; nothing of Node at run time.
import { copyFileSync, mkdirSync } from "node:fs";

const target = "api/static/vendor";
const files = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-navigated-viewer.js",
  "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
  "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
  "echarts/dist/echarts.min.js": "echarts.min.js",
};
mkdirSync(target, { recursive: true });
for (const [from, to] of Object.entries(files)) copyFileSync(`node_modules/${from}`, `${target}/${to}`);
