// Judges the corpus by Prism. Usage: node validate.js CORPUS DOCUMENTS; documents are DOCUMENTS/iam.yaml and DOCUMENTS/ims.yaml.
//
// Prism runs as its proxy does, between a socket that sends the bytes of the request and a server that responds with the bytes
// of the response. It lists what is wrong in the header sl-violations. A message that Node's parsers refuse counts as refused.
// For each side of each case this prints: NAME <TAB> request or response <TAB> accepted, refused or error <TAB> the reason.
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const path = require('node:path')
const { createServer } = require('@stoplight/prism-http-server')
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http')
const pino = require('pino')

http.globalAgent = new http.Agent({ keepAlive: false }) // one connection to the provider for each case

const host = '127.0.0.1'
const listen = server => new Promise(done => server.listen(0, host, () => done(server.address().port)))

// The provider responds to the first request with these bytes, and closes the connection. Prism follows redirects: a second request
// says that Prism has passed over the response.
const provider = { response: Buffer.alloc(0), asked: false, askedAgain: () => {} }
const upstream = net.createServer(socket => {
  let head = ''
  socket.on('error', () => {})
  socket.on('data', data => {
    head += data.toString('latin1')
    if (!head.includes('\r\n\r\n')) return
    if (provider.asked) return provider.askedAgain()
    provider.asked = true
    socket.end(provider.response)
  })
})

async function startPrism(document, port) {
  const config = {
    isProxy: true, upstream: new URL(`http://${host}:${port}`), mock: { dynamic: false },
    validateRequest: true, validateResponse: true, checkSecurity: true, errors: false,
  }
  const logger = pino({ level: 'silent' })
  const server = createServer(await getHttpOperationsFromSpec(document), { cors: false, config, components: { logger } })
  return Number(new URL(await server.listen(0, host)).port)
}

// Prism lets some exceptions escape, and then never responds.
let crashed = () => {}
process.on('uncaughtException', error => crashed(error))
process.on('unhandledRejection', error => crashed(error))

// Sends the bytes, and returns the response, up to its end or the end of the connection. After eight seconds of silence it ends
// the connection, so that Node refuses a request that lacks something.
function send(port, raw) {
  return new Promise((done, failed) => {
    let reply = ''
    const socket = net.connect(port, host, () => socket.write(raw))
    crashed = error => socket.destroy(error)
    provider.askedAgain = () => socket.destroy()
    socket.setTimeout(8000, () => socket.end())
    socket.on('data', chunk => {
      reply += chunk.toString('latin1')
      if (isComplete(reply, raw)) socket.destroy()
    })
    socket.on('error', failed)
    socket.on('close', () => done(reply))
  })
}

// Only the bodies in which Prism describes its own errors matter. They have a length, and are absent after HEAD.
function isComplete(reply, request) {
  const end = reply.indexOf('\r\n\r\n')
  const hasBody = /^content-type: application\/problem\+json/im.test(reply) && !request.toString().startsWith('HEAD')
  return end >= 0 && (!hasBody || reply.length >= end + 4 + Number(/^content-length: (\d+)/im.exec(reply)?.[1] ?? 0))
}

const reasons = list => list.map(v => `${v.location.join('.')}: ${v.message}`).join(' | ')

function outcomes(reply) {
  const [head, body] = reply.split(/\r\n\r\n(.*)/s)
  const isProblem = /^content-type: application\/problem\+json/im.test(head)
  const problem = isProblem && (body ? JSON.parse(body).detail || JSON.parse(body).title : head.split('\r\n')[0])
  if (!provider.asked) return [['refused', problem || `Node: ${head.split('\r\n')[0] || 'no response'}`], ['accepted', '']]
  if (problem) return [['accepted', ''], ['refused', problem]]
  const line = head.split('\r\n').find(l => /^sl-violations:/i.test(l))
  const violations = line ? JSON.parse(line.slice(line.indexOf(':') + 1)) : []
  return ['request', 'response'].map(side => {
    const own = violations.filter(v => v.location[0] === side)
    return [own.length ? 'refused' : 'accepted', reasons(own)]
  })
}

async function main(corpus, documents) {
  const port = await listen(upstream)
  const prisms = {}
  for (const c of JSON.parse(fs.readFileSync(path.join(corpus, 'index.json'))).cases) {
    prisms[c.document] ??= await startPrism(path.join(documents, `${c.document}.yaml`), port)
    provider.response = fs.readFileSync(path.join(corpus, c.response))
    provider.asked = false
    let sides
    try {
      sides = outcomes(await send(prisms[c.document], fs.readFileSync(path.join(corpus, c.request))))
    } catch (error) {
      sides = provider.asked ? [['accepted', ''], ['error', String(error)]] : [['error', String(error)], ['accepted', '']]
    }
    for (const [i, side] of ['request', 'response'].entries()) {
      console.log([c.name, side, sides[i][0], sides[i][1].replace(/\s+/g, ' ').slice(0, 300)].join('\t'))
    }
  }
  process.exit(0)
}

main(process.argv[2], process.argv[3])
