// <span data-behavior="count_ticked" data-counts="name" data-one="…" data-many="… {n} …">: says how
// many boxes of that name are ticked in its form.
export function countTicked(words) {
  const form = words.closest("form")
  const show = () => {
    const count = form.querySelectorAll(`input[type=checkbox][name="${words.dataset.counts}"]:checked`).length
    words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{n}", count.toLocaleString(document.documentElement.lang))
  }
  form.addEventListener("change", show)
  show()
}
