// Keys for people who live here: / searches, ? helps, g then a letter goes, j and k move by rows,
// x ticks the row. Two keys lead where a link with data-keys="l c" leads: they are in the help, too.
// A button or link with data-press="1" is pressed by that key.
// Ctrl+Enter (⌘+Enter) sends the form that is being written.
// They can be switched off in the help (WCAG 2.1.4), and never act while somebody is typing.
const KEY = "banso.shortcuts"
const PATIENCE = 1200

function stored() {
  try { return localStorage.getItem(KEY) !== "off" } catch { return true }
}

function isTyping(target) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select")
}

function move(step) {
  const links = [...document.querySelectorAll("table[data-rows] tbody tr")]
    .map((row) => row.querySelector("th a, a"))
    .filter((link) => link?.checkVisibility())
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement))
  links[Math.min(Math.max(here + step, 0), links.length - 1)]?.focus()
}

export function shortcuts(body) {
  const help = document.getElementById("shortcuts")
  const box = help?.querySelector("[data-shortcuts-switch]")
  let on = stored()
  let first = ""
  let since = 0

  if (box) {
    box.checked = on
    box.addEventListener("change", () => {
      on = box.checked
      try { localStorage.setItem(KEY, on ? "on" : "off") } catch { /* for this page only */ }
    })
  }

  const links = (name) => [...body.querySelectorAll(`a[data-${name}]`)]
  const go = (before, key) => {
    const link = before === "g"
      ? links("key").find((one) => one.dataset.key === key)
      : links("keys").find((one) => one.dataset.keys === `${before} ${key}`)
    if (link) location.assign(link.href)
  }
  const begins = (key) => key === "g" || links("keys").some((one) => one.dataset.keys.startsWith(`${key} `))
  const act = {
    "/": () => document.querySelector("[data-shortcut='/']")?.focus(),
    "?": () => help?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click(),
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.matches("[data-shortcut]")) document.activeElement.blur()
    const form = event.target.form
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.method === "post") return form.requestSubmit()
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return
    const before = Date.now() - since < PATIENCE ? first : ""
    first = ""
    if (before) return go(before, event.key)
    if (begins(event.key)) [first, since] = [event.key, Date.now()]
    const pressed = body.querySelector(`[data-press="${CSS.escape(event.key)}"]`)
    if (pressed) { event.preventDefault(); return pressed.click() }
    if (!Object.hasOwn(act, event.key)) return
    event.preventDefault()
    act[event.key]()
  })
}
