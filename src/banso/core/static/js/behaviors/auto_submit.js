// <form data-behavior="auto_submit">: a change of a choice submits at once, typing after a pause.
const PAUSE = 350
const TYPED = "input[type=search], input[type=text]"

export function autoSubmit(form) {
  let waiting
  const submit = () => { clearTimeout(waiting); form.requestSubmit() }
  // A typed field says "change" once more as a swap takes it away: that must not submit again.
  form.addEventListener("change", (event) => { if (!event.target.matches(TYPED)) submit() })
  form.addEventListener("input", (event) => {
    if (!event.target.matches(TYPED) || event.isComposing) return
    clearTimeout(waiting)
    waiting = setTimeout(submit, PAUSE)
  })
  form.addEventListener("compositionend", submit)
}
