// Judges bodies of responses by ajv. Usage: node by_ajv.js FOLDER
//
// FOLDER has exchanges.jsonl and iam-3.1.json. For each line "FIRST COUNT" of standard input, it judges COUNT exchanges from FIRST
// on, from the first again after the last, and prints the numbers of those in which it finds something, with commas between them.
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')
const Ajv = require('ajv/dist/2020')
const addFormats = require('ajv-formats')

const folder = process.argv[2]
const exchanges = fs.readFileSync(path.join(folder, 'exchanges.jsonl'), 'utf8').trimEnd().split('\n').map(line => {
  const { Response } = JSON.parse(line)
  return { status: String(Response.Status), body: Buffer.from(Response.Body ?? '', 'base64') }
})

// The whole document is a schema of ajv's, of which it compiles those of the bodies.
const document = JSON.parse(fs.readFileSync(path.join(folder, 'iam-3.1.json'), 'utf8'))
const ajv = new Ajv({ strict: false })
addFormats(ajv)
ajv.addSchema(document, 'document')
const validators = {}
const [template] = Object.keys(document.paths)
for (let [status, response] of Object.entries(document.paths[template].get.responses)) {
  let pointer = `#/paths/${encodeURIComponent(template.replaceAll('/', '~1'))}/get/responses/${status}`
  if (response.$ref) {
    pointer = response.$ref
  }
  validators[status] = ajv.compile({ $ref: `document${pointer}/content/application~1json/schema` })
}

// A status without a schema counts as found: the caller looks up the schema by the status.
function isWrong({ status, body }) {
  try {
    return !validators[status](JSON.parse(body.toString()))
  } catch {
    return true
  }
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const [first, count] = line.split(' ').map(Number)
  const found = []
  for (let i = first; i < first + count; i++) {
    if (isWrong(exchanges[i % exchanges.length])) found.push(i % exchanges.length)
  }
  process.stdout.write(found.join(',') + '\n')
})
