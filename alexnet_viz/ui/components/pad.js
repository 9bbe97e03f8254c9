// Where a student draws.  This file keeps the value, tells the server of a finished edit, and has
// what the kinds share; each kind is one of the files pad_*.js.  A kind's function builds its parts
// once and returns what draws them anew after each change.

const PATIENCE = 400 // milliseconds after the last key until the edit counts as finished

export default function ({ data, parentElement, setStateValue }) {
  const { root, find, kept } = mounted(parentElement, "pad", { told: null, active: 0 })
  kept.send = drawn => setStateValue("drawn", drawn)
  if (kept.data === data) return
  kept.data = data
  const arrived = () => {
    const { value, turn, ...shown } = unpack(data)
    const look = JSON.stringify(shown, (_, it) => (it instanceof Uint8Array ? undefined : it))
    const { kind, count, rows, columns, width, height, low, high, bins } = shown
    const control = [kind, count, rows, columns, width, height, low, high, bins.length].join()
    // an answer to an edit before the last one does not undo the last one
    if (kept.told === null || turn === kept.told || kept.control !== control) {
      Object.assign(kept, { value, control, told: turn })
    }
    if (kept.look !== look) {
      kept.look = look
      built(root, find, kept, shown)
    }
    kept.draw()
  }
  if (kept.busy) kept.waiting = arrived
  else arrived()
}

function built(root, find, kept, shown) {
  const focused = root.getRootNode().activeElement?.dataset?.at
  kept.urls?.forEach(url => URL.revokeObjectURL(url))
  kept.urls = []
  const pad = { root, find, kept, shown, stage: find(".stage"), truth: shown.truth }
  pad.stage.replaceChildren()
  root.ariaLabel = shown.label
  root.dataset.kind = shown.kind
  root.classList.toggle("shades", Boolean(shown.paint))
  root.classList.toggle("drawing", Boolean(shown.paint) && shown.high - shown.low === shown.step)
  root.classList.toggle("over", Boolean(shown.paint && shown.under))
  find(".title").textContent = shown.label
  find(".tip").textContent = shown.enabled ? shown.words.hint : shown.words.frozen
  for (const name of ["yours", "truth", "negative", "positive"]) {
    root.style.setProperty(`--${name}`, shown.colours[name])
  }
  root.classList.toggle("compared", Boolean(pad.truth))
  root.classList.toggle("frozen", !shown.enabled)
  find(".legend").replaceChildren()
  if (pad.truth && !["sort", "order"].includes(shown.kind)) {
    for (const name of ["yours", "truth"]) {
      const entry = make("span", find(".legend"))
      make("i", entry, { class: `sample ${name}` })
      entry.append(shown.words[name])
    }
  }
  root.onfocusout = () => told(pad)
  const kinds = { bars, shares: bars, curve, cells, box, sort, order }
  const draw = kinds[shown.kind](pad)
  kept.draw = () => {
    if (kept.active >= kept.value.length) kept.active = 0
    draw()
  }
  kept.draw()
  if (focused !== undefined) pad.stage.querySelector(`[data-at="${focused}"]`)?.focus()
}

// the number, point or cell at which a drawing and the truth are furthest apart
const furthest = ({ kept, truth }) => {
  const errors = truth.map((value, at) => Math.abs(value - kept.value[at]))
  return errors.indexOf(Math.max(...errors))
}

// the address of a picture that came with the data; released when the component is built again
function partUrl({ kept, shown }, name) {
  const url = URL.createObjectURL(new Blob([shown[name]], { type: "image/png" }))
  kept.urls.push(url)
  return url
}

// a new value, drawn at once
function changed({ kept }, value) {
  kept.told = Math.max(Date.now(), (kept.told ?? 0) + 1)
  kept.unsaid = true
  kept.value = value
  kept.draw()
}

// tell the server the value, if it has not heard it
function told({ kept }) {
  clearTimeout(kept.timer)
  if (!kept.unsaid || kept.busy) return
  kept.unsaid = false
  kept.base = null
  kept.send([kept.told, ...kept.value])
}

// an edit by keys: further keys may follow
function keyed(pad, value, words) {
  changed(pad, value)
  say(pad, words)
  clearTimeout(pad.kept.timer)
  pad.kept.timer = setTimeout(() => told(pad), PATIENCE)
}

function say({ find }, words) {
  find(".live").textContent = words
}

// a stroke of the pointer over an element: ``moved`` gets its position as shares, and the event;
// the server hears of the value when the stroke ends
function stroke(pad, element, event, moved, ended = () => {}) {
  const { kept, shown } = pad
  if (!shown.enabled || event.button || kept.busy) return
  told(pad)
  kept.busy = true
  kept.base = kept.value
  element.setPointerCapture(event.pointerId)
  element.onpointermove = at => moved(within(at, element), at)
  const finish = at => {
    element.onpointermove = element.onpointerup = element.onpointercancel = null
    kept.busy = false
    if (at.type === "pointercancel") {
      kept.value = kept.base // the touch became a scrolling of the page
      kept.unsaid = false
      kept.draw()
    } else ended(at)
    told(pad)
    kept.base = null
    kept.waiting?.()
    kept.waiting = null
  }
  element.onpointerup = element.onpointercancel = finish
  moved(within(event, element), event)
}

// an item that follows the pointer; tells over which of the targets it is let go, -1 for none
function drag(pad, item, event, targets, dropped) {
  item.focus({ preventScroll: true })
  const start = [event.clientX, event.clientY]
  const under = ({ clientX, clientY }) => {
    return targets.findIndex(target => {
      const sides = target.getBoundingClientRect()
      const inside = clientX >= sides.left && clientX <= sides.right
      return target !== item && inside && clientY >= sides.top && clientY <= sides.bottom
    })
  }
  const mark = to => targets.forEach((target, i) => target.classList.toggle("aimed", i === to))
  const follow = (_, moved) => {
    item.style.transform = `translate(${moved.clientX - start[0]}px, ${moved.clientY - start[1]}px)`
    item.classList.add("dragged")
    mark(under(moved))
  }
  stroke(pad, item, event, follow, ended => dropped(under(ended)))
  const rest = () => {
    item.style.transform = ""
    item.classList.remove("dragged")
    mark(-1)
  }
  item.addEventListener("lostpointercapture", rest, { once: true })
}

const replaced = (values, at, value) => values.map((each, i) => (i === at ? value : each))

// the number that a step has behind its point
const decimals = step => (String(step).split(".")[1] ?? "").length

// the nearest step of the scale
function onStep({ low, high, step }, value) {
  const near = low + Math.round((value - low) / step) * step
  return Math.min(high, Math.max(low, Number(near.toFixed(10))))
}

// a value as text, with one digit more than the steps have
function read({ step }, value) {
  const text = value.toFixed(decimals(step) + 1).replace(/\.?0+$/, "")
  const [whole, rest] = text.replace("-", "−").split(".")
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",")
  return rest ? `${grouped}.${rest}` : grouped
}

const withUnit = (shown, value) => {
  const text = read(shown, value)
  if (!shown.unit) return text
  return /^[%°]/.test(shown.unit) ? text + shown.unit : `${text} ${shown.unit}`
}

// what is said of one number: its name, the student's value, and the truth if it is known
function spoken({ kept, shown, truth }, name, at) {
  const { words } = shown
  const value = withUnit(shown, kept.value[at])
  if (!truth) return fill(words.value, { name, value })
  const names = { yours: words.yours, truth: words.truth }
  return fill(words.both, { name, value, true: withUnit(shown, truth[at]), ...names })
}

// the value that a key asks for; undefined for keys with another meaning.  Digits in quick
// succession make one number.
function keyedValue({ kept, shown }, event, value, steps) {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const { low, high, step } = shown
  const page = step * Math.max(1, Math.round((high - low) / step / 10))
  const moves = { PageUp: page, PageDown: -page, "+": step, "=": step, ...steps }
  if (!/[\d.,]/.test(event.key) && event.key !== "-") kept.typed = ""
  let next
  if (event.key in moves) next = value + moves[event.key]
  else if (event.key === "Home" && steps) next = low
  else if (event.key === "End" && steps) next = high
  else if (event.key === "Delete" || event.key === "Backspace") next = Math.max(low, 0)
  else if (/^[\d.,-]$/.test(event.key)) {
    const before = event.timeStamp - (kept.typedAt ?? -1e9) < 1500 ? kept.typed : ""
    kept.typedAt = event.timeStamp
    kept.typed = before + event.key.replace(",", ".")
    if (kept.typed === "-" && low >= 0) kept.typed = ""
    next = Number(kept.typed)
    if (event.key === "-" && kept.typed.length > 1) next = value - step
    if (!Number.isFinite(next)) next = event.key === "-" ? value - step : value
  } else return undefined
  event.preventDefault()
  return onStep(shown, next)
}
