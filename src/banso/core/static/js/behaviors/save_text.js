// <button data-behavior="save_text" data-text="…" data-name="file.txt">: the text as a file.
export function saveText(button) {
  button.addEventListener("click", () => {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([`${button.dataset.text}\n`], { type: "text/plain" }))
    link.download = button.dataset.name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  })
}
