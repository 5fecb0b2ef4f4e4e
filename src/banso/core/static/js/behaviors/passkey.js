// <form data-behavior="passkey" data-passkey="enter|use|make">: asks the browser for a passkey and
// sends its answer in the field `credential`.
// enter: sign in with any passkey of this site; the options are fetched when they are needed, and
//        the browser offers passkeys in the field `data-field` once somebody goes there.
// use, make: the options lie in `data-options`.
const decode = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)
)
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
const named = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }))

function readable({ publicKey }) {
  const key = { ...publicKey, challenge: decode(publicKey.challenge) }
  if (key.user) key.user = { ...key.user, id: decode(key.user.id) }
  if (key.allowCredentials) key.allowCredentials = named(key.allowCredentials)
  if (key.excludeCredentials) key.excludeCredentials = named(key.excludeCredentials)
  if (key.authenticatorSelection) {
    // Every passkey of ours lets in alone: it lies in the device and asks for finger, face or PIN.
    key.authenticatorSelection = {
      ...key.authenticatorSelection,
      residentKey: "required", requireResidentKey: true, userVerification: "required",
    }
  }
  return key
}

function sendable(credential) {
  const answer = credential.response
  const response = { clientDataJSON: encode(answer.clientDataJSON) }
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = encode(answer[name])
  }
  return {
    id: credential.id, rawId: encode(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options)
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(String(answer.status))
  return (await answer.json()).request_options
}

function send(form, credential) {
  form.elements.credential.value = JSON.stringify(sendable(credential))
  form.submit()
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-trouble]")
  place.textContent = words
  place.hidden = !words
}

async function ask(form, signal) {
  const publicKey = readable(await optionsOf(form))
  return form.dataset.passkey === "make"
    ? navigator.credentials.create({ publicKey, signal })
    : navigator.credentials.get({ publicKey, signal })
}

// The browser's own list under the address field; it waits, quietly, until somebody picks.
function offer(form, waiting) {
  const field = document.getElementById(form.dataset.field)
  const able = window.PublicKeyCredential?.isConditionalMediationAvailable
  if (!field || !able) return
  const begin = async () => {
    try {
      if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return
      const publicKey = readable(await optionsOf(form))
      const { signal } = waiting.now
      send(form, await navigator.credentials.get({ publicKey, signal, mediation: "conditional" }))
    } catch { /* Nobody picked one, or the button was pressed: nothing to say. */ }
  }
  if (document.activeElement === field) begin()
  else field.addEventListener("focus", begin, { once: true })
}

export function passkey(form) {
  const button = form.querySelector("[data-passkey-go]")
  const waiting = { now: new AbortController() }
  if (!window.PublicKeyCredential || !navigator.credentials) {
    button.disabled = true
    say(form, form.dataset.unable)
    return
  }
  if (form.dataset.field) offer(form, waiting)
  button.addEventListener("click", async () => {
    waiting.now.abort()
    waiting.now = new AbortController()
    say(form, "")
    button.disabled = true
    try {
      send(form, await ask(form, waiting.now.signal))
    } catch (error) {
      say(form, error.name === "SecurityError" ? form.dataset.unable : form.dataset.trouble)
      button.disabled = false
    }
  })
  form.addEventListener("submit", (event) => { event.preventDefault(); button.click() })
}
