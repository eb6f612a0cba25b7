// Checks documents against a compiled HSDS 3.0 schema. stdin: JSON array of documents; argument: the schema's path.
// Prints one line per fault. NODE_PATH names the folder that holds ajv.
const { readFileSync } = require('node:fs');
const Ajv = require('ajv');
const formats = require('ajv-formats');

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(process.argv[2], 'utf8')));
for (const [index, document] of JSON.parse(readFileSync(0, 'utf8')).entries()) {
  if (!validate(document)) {
    for (const fault of validate.errors) console.log(`${index} ${document.name ?? ''} ${fault.instancePath} ${fault.message}`);
  }
}
