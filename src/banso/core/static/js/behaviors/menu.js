// <details data-behavior="menu">: closes on Escape and on a click elsewhere; arrows move in it.
export function menu(details) {
  const summary = details.querySelector("summary")
  const items = () => [...details.querySelectorAll("a[href], button")]

  document.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false
  })
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      details.open = false
      summary.focus()
    }
    if (!details.open || !["ArrowDown", "ArrowUp"].includes(event.key)) return
    event.preventDefault()
    const all = items()
    const step = event.key === "ArrowDown" ? 1 : -1
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus()
  })
}
