// A notice that can be closed; with data-seconds it leaves by itself, but never while it is
// pointed at or holds the focus, and the count begins anew after that.
export function dismiss(notice) {
  const seconds = Number(notice.dataset.seconds)
  let leaving

  const leave = () => {
    notice.classList.add("is-leaving")
    setTimeout(() => notice.remove(), 200)
  }
  const wait = () => { if (seconds) leaving = setTimeout(leave, seconds * 1000) }
  const stay = () => clearTimeout(leaving)

  notice.querySelector("[data-dismiss]")?.addEventListener("click", leave)
  notice.addEventListener("pointerenter", stay)
  notice.addEventListener("pointerleave", wait)
  notice.addEventListener("focusin", stay)
  notice.addEventListener("focusout", wait)
  wait()
}
