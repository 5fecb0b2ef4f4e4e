// <live-page>: holds the stream of changes while the page is seen, and has its regions refreshed.
// It says so when the connection is lost, and brings everything up to date when it is back.
import { Refresher, regionsOf, topicsOf } from "./regions.js"

const FIRST_RETRY = 500
const SLOWEST_RETRY = 20_000
const SILENCE = 40_000 // the server says something every 15 s
const PATIENCE = 2500 // a loss shorter than this is nobody's business
const LINGER = 5000 // a tab that is only passed over keeps its stream
const MARGIN = 2000

export function defineLivePage(attach) {
  customElements.define("live-page", class extends LivePage { attach = attach })
}

class LivePage extends HTMLElement {
  connectedCallback() {
    this.freshAt = 0 // the page knows everything up to this moment: the begin of its loading
    this.failures = 0
    this.refresher = new Refresher({
      attach: (element) => this.attach(element),
      tellOrder: (waits) => this.sign("order", waits),
      onSignedOut: () => this.leave(),
    })
    this.querySelector("[data-live-reorder]")?.addEventListener("click", () => this.refresher.reorder())
    document.addEventListener("visibilitychange", () => this.look())
    document.addEventListener("htmx:load", () => this.follow())
    addEventListener("pagehide", () => this.close())
    addEventListener("pageshow", (event) => { if (event.persisted) this.look() })
    addEventListener("online", () => { if (this.lostAt) this.open() })
    this.look()
  }

  look() {
    clearTimeout(this.closing)
    if (document.hidden) this.closing = setTimeout(() => this.close(), LINGER)
    else if (!this.source && !this.opening) this.open()
  }

  topics() {
    return [...new Set(regionsOf().flatMap(topicsOf))].sort()
  }

  // A fragment may have brought a topic that the stream was not opened for.
  follow() {
    this.refresher.forgetGone()
    if (!this.source || this.topics().every((topic) => this.followed.includes(topic))) return
    this.close()
    this.look()
  }

  async open() {
    clearTimeout(this.retry)
    this.followed = this.topics()
    if (!this.followed.length || this.isOver) return
    this.opening = true
    const token = await this.token().catch(() => undefined)
    this.opening = false
    if (this.isOver || document.hidden) return
    if (!token) return this.lost()
    this.listen(token)
  }

  async token() {
    const address = `${this.dataset.token}?${new URLSearchParams({ topics: this.followed.join(" ") })}`
    const answer = await fetch(address, { redirect: "manual", cache: "no-store" })
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.leave()
    return answer.ok ? (await answer.json()).token : undefined
  }

  listen(token) {
    const asked = new URLSearchParams({ token })
    if (this.freshAt !== undefined) asked.set("age", Math.round(performance.now() - this.freshAt))
    const source = new EventSource(`${this.dataset.stream}?${asked}`)
    this.source = source
    const hear = (name, act) => source.addEventListener(name, (event) => { this.alive(); act(event) })
    hear("open", (event) => { if (event.data) this.found() })
    hear("beat", () => {})
    hear("changed", (event) => this.refresher.want(event.data.split(" ")))
    hear("resync", () => this.refresher.want())
    hear("ended", () => { this.close(); this.freshAt = undefined; this.open() })
    source.addEventListener("error", () => { if (this.source === source) this.lost() })
    this.alive()
  }

  alive() {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.lost(), SILENCE)
  }

  found() {
    this.failures = this.lostAt = 0
    this.freshAt = performance.now()
    clearTimeout(this.telling)
    this.sign("lost", false)
  }

  lost() {
    this.stop()
    this.freshAt = undefined // nobody knows what was missed
    this.lostAt ||= performance.now()
    clearTimeout(this.telling)
    const patience = Math.max(0, this.lostAt + PATIENCE - performance.now())
    this.telling = setTimeout(() => this.sign("lost", true), patience)
    const pause = Math.min(FIRST_RETRY * 2 ** this.failures++, SLOWEST_RETRY)
    clearTimeout(this.retry)
    this.retry = setTimeout(() => { if (!document.hidden) this.open() }, pause * (0.5 + Math.random()))
  }

  // The page is not looked at: what is missed from now on is asked for on return.
  close() {
    if (this.source && this.freshAt !== undefined) this.freshAt = performance.now() - MARGIN
    this.stop()
  }

  stop() {
    clearTimeout(this.silence)
    clearTimeout(this.retry)
    this.source?.close()
    this.source = undefined
  }

  // Signed out, or no longer a member: the page stays readable and says so.
  leave() {
    this.isOver = true
    this.stop()
    clearTimeout(this.telling)
    this.sign("lost", false)
    this.sign("over", true)
  }

  sign(name, shown) {
    const sign = this.querySelector(`[data-live-sign="${name}"]`)
    if (sign) sign.hidden = !shown
  }
}
