// Grades a sheet in the browser and reports the result to a learning platform, if there is one.
// Numbers are read as teaching/typed.py reads them; a reply is judged as slips/diagnosis.py does.

const sheet = JSON.parse(document.getElementById("sheet").textContent)
const SIGNS = { "−": "-", "–": "-", "—": "-", "，": ",", "。": ".", "、": ",", "’": "'" }
const ABOUT = 0.01
const KEPT = 4096 // letters that SCORM 1.2 keeps

function plain(text) {
  const signs = words => words.replace(/[−–—，。、’]/g, each => SIGNS[each])
  return signs(signs(text).normalize("NFKC")).trim().toLowerCase()
}

const DIGITS = "\\d+|\\d{1,3}(?:[,_ ']\\d{3})+|\\d{1,4}(?:[,_ ']\\d{4})+"
const NUMBER = new RegExp(
  `^([+-]?)(${DIGITS})?(?:\\.(\\d+))?\\s*` +
    "(?:e([+-]?\\d{1,2})|[x*×·]\\s*10\\s*(?:\\^|\\*\\*)?\\s*([+-]?\\d{1,2}))?\\s*" +
    `(${Object.keys(sheet.scales).join("|")})?$`,
)
const BEFORE = /^\s*(?:[=≈~约]|about |ca\.? )\s*/
const BEHIND = /\s*(?:px|pixels?|像素|个|flops?|macs?|params?)\.?\s*$/

/** A number with half a unit of its last digit, where it is abbreviated or has decimals. */
function readNumber(text) {
  const words = plain(text).replace(BEFORE, "").replace(BEHIND, "").trim()
  const ratio = words.match(/^([+-]?\d{1,12})\s*\/\s*(\d{1,12})$/)
  if (ratio && Number(ratio[2])) return { value: ratio[1] / ratio[2], slack: 0 }
  const found = words.match(NUMBER)
  if (!found || !(found[2] || found[3])) return null
  const [, sign, whole = "", decimals = "", exponent, power, scale] = found
  const tens = Number(exponent ?? power ?? 0) + (scale ? sheet.scales[scale] : 0)
  const digits = whole.replace(/\D/g, "") + decimals
  if (digits.length > sheet.digits || Math.abs(tens) > sheet.digits) return null
  const unit = tens - decimals.length
  const exact = !decimals && !tens
  return { value: Number(`${sign}${digits}e${unit}`), slack: exact ? 0 : Number(`1e${unit}`) / 2 }
}

/** Several numbers: a shape, a range, or the rows of a map. */
function readNumbers(text, form) {
  const words = plain(text)
    .replace(/[()[\]{}|]/g, " ")
    .replace(/(?<=\d)(?:-(?=\d)|\s+-\s+|\s*(?:to|到|至|~|\.\.\.?)\s*)/g, " ")
  const parts = words.replace(/^[ ,;]+|[ ,;]+$/g, "").split(/[\s,;x×*/]+/)
  if (!parts.every(part => /^[+-]?(\d{1,12}(\.\d{1,9})?|\.\d{1,9})$/.test(part))) return null
  const values = parts.map(Number)
  if (form === "range" && values.length === 1) values.push(values[0])
  return form === "range" && values.length !== 2 ? null : { value: values, slack: 0 }
}

function read(text, form) {
  if (text.length > sheet.letters) return null
  return form === "count" || form === "number" ? readNumber(text) : readNumbers(text, form)
}

function same(given, value, form) {
  if (Array.isArray(value)) {
    const alike = (each, n) => Math.abs(each - value[n]) < 1e-9
    return value.length === given.value.length && given.value.every(alike)
  }
  const off = Math.abs(given.value - value)
  const reach = ABOUT * Math.abs(value)
  if (off <= 1e-12 * Math.abs(value)) return true
  return form === "number" && off <= Math.max(Math.min(given.slack, reach), reach / 2)
}

function gives(given, value, form) {
  if (same(given, value, form)) return true
  if (!given.slack || Array.isArray(value)) return false
  const most = Math.min(given.slack, ABOUT * Math.abs(value))
  return Math.abs(given.value - value) <= most
}

/** What a typed reply is: right, or what a slip gives, or unknown; null if it has to be mended. */
function judged(item, text) {
  const given = read(text, item.form)
  if (!given) return { right: null, says: item.unread.replace("{given}", text) }
  const right = item.replies.find(reply => reply.right)
  if (same(given, right.value, item.form)) return right
  const close =
    !Array.isArray(right.value) &&
    Math.abs(given.value - right.value) <= ABOUT * Math.abs(right.value)
  if (close && given.slack && item.form === "count") {
    return item.about ? right : { right: null, says: item.rounded.replace("{given}", text) }
  }
  const slip = item.replies.find(reply => !reply.right && gives(given, reply.value, item.form))
  if (slip) return slip
  if (close && item.about) return right
  return { right: false, says: item.unknown.replace("{given}", text) }
}

const form = document.querySelector("form")
const outcome = document.getElementById("status")
const again = form.querySelector("[type=reset]")
const began = Date.now()

/** The platform's API of SCORM 1.2: in a frame around this one, or where this window was opened. */
function findPlatform() {
  const above = start => {
    for (let frame = start, n = 0; frame && n < 50; frame = frame.parent, n += 1) {
      try {
        if (frame.API) return frame.API
      } catch {
        return null // a frame of another host
      }
      if (frame.parent === frame) return null
    }
    return null
  }
  return above(window) ?? (window.opener ? above(window.opener) : null)
}

const platform = findPlatform()
let connected = Boolean(platform) && String(platform.LMSInitialize("")) === "true"

function set(name, value) {
  if (connected) platform.LMSSetValue(name, String(value))
}

if (connected && platform.LMSGetValue("cmi.core.lesson_status") === "not attempted") {
  set("cmi.core.lesson_status", "incomplete")
}

/** What was entered when the page was closed before it was handed in. */
function kept() {
  try {
    return JSON.parse(connected ? platform.LMSGetValue("cmi.suspend_data") : "{}")
  } catch {
    return {} // nothing yet
  }
}

for (const [place, given] of Object.entries(kept())) {
  if (form.elements[place]) form.elements[place].value = given
}

form.addEventListener("input", () => {
  const given = sheet.items.map(item => [item.place, reply(item)])
  const held = JSON.stringify(Object.fromEntries(given.filter(([, words]) => words)))
  if (held.length <= KEPT) set("cmi.suspend_data", held)
})

addEventListener("pagehide", () => {
  if (!connected) return
  const seconds = Math.round((Date.now() - began) / 1000)
  const two = number => String(number).padStart(2, "0")
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  set("cmi.core.session_time", time.map(two).join(":"))
  set("cmi.core.exit", form.elements.replies.disabled ? "" : "suspend")
  platform.LMSFinish("")
  connected = false
})

/** Each reply as it was given: the number of an option, a text, or "" where nothing was. */
function reply(item) {
  const field = form.elements[item.place]
  return String(field.value).trim()
}

function judgement(item) {
  const given = reply(item)
  if (!given) return { right: false, says: sheet.words.empty }
  return item.form === "choice" ? item.replies[given] : judged(item, given)
}

function show(item, found) {
  const box = document.getElementById(`said_${item.place}`)
  const name = { true: "yes", false: "no", null: "unread" }[found.right]
  box.dataset.right = name
  const worked = found.right === null ? [] : [item.worked]
  box.replaceChildren(
    ...[found.says, ...worked].map(words => {
      const line = document.createElement("p")
      line.textContent = words
      return line
    }),
  )
}

function report(verdicts) {
  const right = verdicts.filter(found => found.right).length
  set("cmi.core.score.min", 0)
  set("cmi.core.score.max", 100)
  set("cmi.core.score.raw", Math.round((100 * right) / verdicts.length))
  set("cmi.core.lesson_status", "completed")
  set("cmi.suspend_data", "")
  const first = connected ? Number(platform.LMSGetValue("cmi.interactions._count")) || 0 : 0
  sheet.items.forEach((item, n) => {
    const path = `cmi.interactions.${first + n}`
    const choice = item.form === "choice"
    const given = reply(item)
    set(`${path}.id`, item.place)
    set(`${path}.type`, choice ? "choice" : "fill-in")
    set(`${path}.student_response`, choice && given ? "abcdefgh"[given] : given.slice(0, 255))
    set(`${path}.result`, verdicts[n].right ? "correct" : "wrong")
  })
  if (connected) platform.LMSCommit("")
  return right
}

form.addEventListener("submit", event => {
  event.preventDefault()
  const verdicts = sheet.items.map(judgement)
  const unread = verdicts.findIndex(found => found.right === null)
  if (unread >= 0) {
    sheet.items.forEach((item, n) => verdicts[n].right === null && show(item, verdicts[n]))
    form.elements[sheet.items[unread].place].focus()
    outcome.textContent = sheet.words.mend
    return
  }
  sheet.items.forEach((item, n) => show(item, verdicts[n]))
  const right = report(verdicts)
  const told = connected ? sheet.words.reported : sheet.words.alone
  outcome.textContent = `${sheet.words.result.replace("{right}", right)} ${told}`
  document.getElementById("replies").disabled = true
  again.hidden = false
  outcome.focus()
})

form.addEventListener("reset", () => {
  document.getElementById("replies").disabled = false
  again.hidden = true
  document.querySelectorAll(".said").forEach(box => box.replaceChildren())
  outcome.textContent = ""
})
