// <input type="checkbox" data-behavior="select_all" data-selects="name">: ticks all of that name
// in the same form or table, and shows when only some are.
export function selectAll(box) {
  const scope = box.form ?? box.closest("table") ?? document
  const others = () => [...scope.querySelectorAll(`input[type=checkbox][name="${box.dataset.selects}"]`)]
  const show = () => {
    const ticked = others().filter((other) => other.checked).length
    box.checked = ticked > 0 && ticked === others().length
    box.indeterminate = ticked > 0 && !box.checked
  }
  box.addEventListener("change", () => {
    for (const other of others()) other.checked = box.checked
  })
  scope.addEventListener("change", show)
  show()
}
