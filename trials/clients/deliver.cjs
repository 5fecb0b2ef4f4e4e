// The official Node client, as a product uses it: `deliver.cjs ADDRESS KEY EVENTS SECONDS`.
// Its own options stand as it ships them, but for the time it may take to close: as it ships, it
// drops what is still waiting 75 seconds after closeAndFlush() was called.
const { Analytics } = require("@segment/analytics-node")
const { setTimeout: sleep } = require("node:timers/promises")

const STEP = 50 // events between two breaths
const CLOSING = 600_000 // milliseconds

async function main(host, writeKey, events, seconds) {
  let givenUp = 0
  const analytics = new Analytics({ host, writeKey })
  analytics.on("error", () => { givenUp += 1 })
  analytics.group({ userId: "node-user", groupId: "delivery" })
  for (let number = 0; number < events; number += 1) {
    analytics.track({ userId: "node-user", event: "Delivered", properties: { client: "node", number } })
    if (number % STEP === 0) await sleep((1000 * seconds * STEP) / events)
  }
  await analytics.closeAndFlush({ timeout: CLOSING })
  return { refused: 0, given_up: givenUp }
}

const [host, writeKey, events, seconds] = process.argv.slice(2)
main(host, writeKey, Number(events), Number(seconds)).then((told) => console.log(JSON.stringify(told)))
