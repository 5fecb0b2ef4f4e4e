// Regions of the page that follow topics: <div id="x" data-live-refresh="today tasks">.
// With hx-get a region is fetched from that address, else from the page's own, all at once.
import { morph, morphChildren } from "./morph.js"

const SOON = 60 // a commit tells several topics, one after the other
const SPREAD = 200 // many open pages do not ask in the same instant
const GAP = 1000
const SHARE = 3 // a page that takes long to make is asked for less often
const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]"

// A region that waits to be opened (core/folds.html) says nothing yet that could be out of date.
export const regionsOf = (root = document) => [...root.querySelectorAll("[data-live-refresh]:not(:has(> [data-waits]))")]
export const topicsOf = (region) => region.dataset.liveRefresh.split(/\s+/).filter(Boolean)

export class Refresher {
  // `attach(element)` gives new elements their behaviour, `tellOrder(waits)` offers a new order,
  // `onSignedOut()` is called when the answer was the way to the sign-in page.
  constructor({ attach, tellOrder, onSignedOut }) {
    Object.assign(this, { attach, tellOrder, onSignedOut })
    this.waiting = new Set()
    this.held = new Set()
    this.notBefore = 0
    this.failures = 0
    document.addEventListener("focusout", () => setTimeout(() => this.plan(), SOON))
    document.addEventListener("htmx:afterSwap", (event) => this.keepStill(event))
  }

  // The regions that follow one of `topics` (all of them without) are asked for anew.
  want(topics) {
    for (const region of regionsOf()) {
      if (!topics || topicsOf(region).some((topic) => topics.includes(topic))) this.waiting.add(region)
    }
    this.plan()
  }

  plan() {
    if (!this.waiting.size || this.timer || this.running) return
    const pause = Math.max(SOON + Math.random() * SPREAD, this.notBefore - performance.now())
    this.timer = setTimeout(() => { this.timer = 0; this.run() }, pause)
  }

  async run() {
    const ready = [...this.waiting].filter((region) => region.isConnected && !isTypedIn(region))
    for (const region of this.waiting) if (!region.isConnected) this.waiting.delete(region)
    if (!ready.length) return
    for (const region of ready) this.waiting.delete(region)
    const begin = performance.now()
    this.running = true
    const failed = (await this.fetchAll(ready)).filter((one) => !one)
    this.running = false
    this.failures = failed.length ? this.failures + 1 : 0
    const took = performance.now() - begin
    this.notBefore = performance.now() + Math.max(GAP * 2 ** Math.min(this.failures, 5), SHARE * took)
    this.plan()
  }

  // True for each address that answered; regions of the others go on waiting.
  fetchAll(regions) {
    return Promise.all([...byAddress(regions).values()].map((group) => this.fetch(group).then(
      () => true,
      () => { for (const region of group) this.waiting.add(region) },
    )))
  }

  async fetch(regions) {
    const own = regions[0].getAttribute("hx-get")
    const answer = await fetch(own ?? location.href, {
      headers: { "X-Live": "1", ...(own ? { "HX-Request": "true" } : {}) }, cache: "no-store",
    })
    if (answer.redirected && answer.url.includes("/accounts/login/")) return this.onSignedOut()
    if (answer.status >= 500) throw new Error(String(answer.status))
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    for (const region of regions) this.apply(region, own ? page.body : page.getElementById(region.id), own)
  }

  apply(region, fresh, own) {
    if (!fresh || !region.isConnected) return
    if (isTypedIn(region)) return void this.waiting.add(region)
    const seen = { changed: new Set(), added: new Set(), held: new Set() }
    const focused = document.activeElement
    const mayMove = (list) => this.moving || !isHeld(list)
    if (own) morphChildren(region, fresh, seen, mayMove)
    else morph(region, fresh, seen, mayMove)
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true })
    for (const made of seen.added) { window.htmx?.process(made); this.attach(made) }
    for (const list of seen.held) this.hold(list, region)
    show(seen)
  }

  // Rows want other places. Long lists ask first; others wait until nobody points at them.
  hold(list, region) {
    if (list.dataset.liveRows === "hold") {
      this.held.add(region)
      return this.tellOrder(true)
    }
    const again = () => { this.waiting.add(region); this.plan() }
    for (const left of ["pointerleave", "focusout"]) list.addEventListener(left, again, { once: true })
  }

  // The lists that asked take the order that the server gives, now.
  async reorder() {
    const regions = [...this.held]
    this.held.clear()
    this.tellOrder(false)
    this.moving = true
    await this.fetchAll(regions)
    this.moving = false
  }

  // Lists that have left the page ask no more.
  forgetGone() {
    for (const region of this.held) if (!region.isConnected) this.held.delete(region)
    if (!this.held.size) this.tellOrder(false)
  }

  // Somebody has opened more of a list (older entries): it stays as it is until the page is left.
  keepStill(event) {
    const part = event.target.closest?.("[data-live-part]")
    if (part && event.detail.requestConfig?.verb === "get") part.dataset.liveStill = ""
  }
}

function byAddress(regions) {
  const groups = new Map()
  for (const region of regions) {
    const address = region.getAttribute("hx-get") ?? ""
    groups.set(address, [...(groups.get(address) ?? []), region])
  }
  return groups
}

function isTypedIn(region) {
  const active = document.activeElement
  return (region.contains(active) && active.matches(TYPED)) || !!region.querySelector("dialog[open]")
}

function isHeld(list) {
  return list.dataset.liveRows === "hold" || list.matches(":hover, :focus-within")
}

// A quiet tint on what says something else than before.
function show({ changed, added }) {
  const parts = new Set()
  for (const one of [...changed, ...added]) {
    if (one?.isConnected) parts.add(one.closest("td, th, li, dd, .tile, p, h1, h2") ?? one)
  }
  for (const part of parts) {
    part.classList.remove("is-fresh")
    requestAnimationFrame(() => part.classList.add("is-fresh"))
    part.addEventListener("animationend", () => part.classList.remove("is-fresh"), { once: true })
  }
}
