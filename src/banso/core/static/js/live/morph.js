// Makes what stands on the page say what the server says now, element by element: focus, scroll,
// open menus and typed text stay, because the elements themselves stay.

// Attributes that behaviours and people set; the server does not know of them.
const OURS = new Set(["open", "aria-haspopup", "aria-expanded", "data-lightly"])
// What must not be touched: kept on purpose, or refreshed by an address of its own.
const SELF = "[hx-get][data-live-refresh]"
const KEPT = "[data-live-keep]"
const APART = `${KEPT}, [data-live-still], ${SELF}`

const isElement = (node) => node.nodeType === Node.ELEMENT_NODE
const isApart = (node) => isElement(node) && node.matches(APART)

function keyOf(node) {
  if (!isElement(node)) return ""
  return node.dataset.key || node.getAttribute("id") || (node.matches(SELF) ? node.getAttribute("hx-get") : "")
}

const isAlike = (a, b) => a.nodeName === b.nodeName && !keyOf(a) && !keyOf(b)

// `seen.changed` collects elements whose words changed, `seen.added` new ones, `seen.held` lists
// whose order is another by now; `mayMove(list)` says whether rows may change their places.
export function morph(old, fresh, seen, mayMove) {
  if (!isElement(old)) {
    if (old.nodeValue.trim() !== fresh.nodeValue.trim()) seen.changed.add(old.parentElement)
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  syncAttributes(old, fresh)
  if (old.matches("[data-live-rows]") && !mayMove(old) && !hasSameRows(old, fresh)) {
    seen.held.add(old)
    morphInPlace(old, fresh, seen, mayMove)
  } else {
    morphChildren(old, fresh, seen, mayMove)
  }
}

export function morphChildren(old, fresh, seen, mayMove) {
  const keyed = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]))
  let here = old.firstChild
  for (const next of [...fresh.childNodes]) {
    while (here && isApart(here) && keyOf(here) !== keyOf(next)) here = here.nextSibling
    const match = keyOf(next) ? sameKind(keyed.get(keyOf(next)), next) : ahead(here, next)
    if (!match) {
      const made = document.importNode(next, true)
      old.insertBefore(made, here)
      if (isElement(made)) seen.added.add(made)
      continue
    }
    if (match === here) here = here.nextSibling
    else old.insertBefore(match, here)
    if (!isApart(match)) morph(match, next, seen, mayMove)
  }
  while (here) {
    const gone = here
    here = here.nextSibling
    if (!isApart(gone) && !(isElement(gone) && gone.querySelector(KEPT))) gone.remove()
  }
}

// Rows keep their places; those that are still there say what they say now.
function morphInPlace(old, fresh, seen, mayMove) {
  const news = new Map([...fresh.children].map((child) => [keyOf(child), child]))
  for (const row of old.children) {
    const next = news.get(keyOf(row))
    row.classList.toggle("is-elsewhere", !next && !isApart(row))
    if (next && !isApart(row)) morph(row, next, seen, mayMove)
  }
}

function hasSameRows(old, fresh) {
  const rows = (list) => [...list.children].filter((row) => !isApart(row)).map(keyOf).join()
  return rows(old) === rows(fresh)
}

function sameKind(match, next) {
  return match?.nodeName === next.nodeName ? match : undefined
}

// The next sibling from `here` on that may become `next`.
function ahead(here, next) {
  for (let node = here; node; node = node.nextSibling) {
    if (!isApart(node) && isAlike(node, next)) return node
  }
}

function syncAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
  for (const { name } of [...old.attributes]) {
    if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name)
  }
}
