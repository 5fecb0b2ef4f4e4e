// <button data-behavior="copy_to_clipboard" data-copies="text" data-done="Copied">
export function copyToClipboard(button) {
  const words = button.querySelector("span") ?? button
  const label = words.textContent
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copies)
    words.textContent = button.dataset.done ?? label
    words.setAttribute("role", "status")
    setTimeout(() => { words.textContent = label; words.removeAttribute("role") }, 2000)
  })
}
