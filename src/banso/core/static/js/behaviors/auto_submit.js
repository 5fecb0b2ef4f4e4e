// <form data-behavior="auto_submit">: a change of a choice submits at once, typing after a pause.
const PAUSE = 350

export function autoSubmit(form) {
  let waiting
  const submit = () => { clearTimeout(waiting); form.requestSubmit() }
  form.addEventListener("change", submit)
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[type=search], input[type=text]") || event.isComposing) return
    clearTimeout(waiting)
    waiting = setTimeout(submit, PAUSE)
  })
  form.addEventListener("compositionend", submit)
}
