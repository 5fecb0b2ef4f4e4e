// <button type="button" data-behavior="dialog" data-opens="id">: opens <dialog id="id">.
export function dialog(opener) {
  const target = document.getElementById(opener.dataset.opens)
  if (!target) return
  opener.setAttribute("aria-haspopup", "dialog")
  opener.addEventListener("click", () => target.showModal())
  if (target.dataset.lightly) return
  target.dataset.lightly = "yes"
  // A press on the veil closes; the dialog itself is the target only outside its content.
  target.addEventListener("click", (event) => {
    if (event.target === target) target.close()
  })
}
