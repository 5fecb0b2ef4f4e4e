// The arrow keys walk from the search box through the answers below it, and back.
export function answers(form) {
  const input = form.querySelector("input[type=search]")
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || event.isComposing) return
    const stops = [input, ...form.querySelectorAll("a.answer")]
    const next = stops[stops.indexOf(document.activeElement) + step]
    if (!next || stops.length === 1) return
    event.preventDefault()
    next.focus()
  })
}
