// Reads element templates from a file and prints what the stock validator of Camunda Modeler has against them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { validateAllZeebe } = require('@bpmn-io/element-templates-validator');
const found = validateAllZeebe(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const wrong = found.results.filter((one) => !one.valid);
for (const { object, errors } of wrong) {
  console.log(object.id, JSON.stringify(errors.map(({ message, instancePath, dataPath }) => [instancePath ?? dataPath, message])));
}
console.log(`${found.results.length} templates`);
process.exit(wrong.length ? 1 : 0);
