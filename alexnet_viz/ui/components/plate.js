// A drawing whose layers react to the pointer, and a table of the same layers, without the server.
// Hovering or focusing a layer highlights it in both and shows its line; a click tells Python.
// A block may be one tower's share of a layer (data-tower); then that share alone is highlighted.
// All plates of a page highlight the same layer: they tell each other by an event.
// Handlers are assigned, not added: the function runs again whenever the data change.

const POINTED = "alexnet-viz-pointed" // the event: a layer is pointed at, or no longer
const GAP = 6 // pixels between a block and its card
const LEGIBLE = 11 // smallest text in pixels; a drawing scrolls rather than have smaller text

const READABLE = 20 // smallest text in pixels of a drawing that a projector shows

// lines of a drawing twice as thick
function thicken(drawing) {
  for (const each of drawing.querySelectorAll("[stroke-width]"))
    each.setAttribute("stroke-width", 2 * each.getAttribute("stroke-width"))
}

// all text at least ``READABLE``; what then has no room beside what comes first is left away: a
// block's name comes before its numbers, which its line and its card say too
function enlarge(picture, texts, natural) {
  const scale = picture.firstElementChild.getBoundingClientRect().width / natural
  if (!scale) return
  const rank = text => (text.matches(".target > text:first-of-type") ? 0 : 1)
  const kept = []
  for (const [text] of texts) {
    text.style.visibility = ""
    text.setAttribute(
      "font-size",
      Math.max(Number(text.getAttribute("font-size")), READABLE / scale),
    )
  }
  const frame = picture.firstElementChild.getBoundingClientRect()
  for (const [text] of texts.toSorted(([one], [other]) => rank(one) - rank(other))) {
    const box = text.getBoundingClientRect()
    const meets = ({ left, right, top, bottom }) =>
      box.left < right && box.right > left && box.top + 3 < bottom && box.bottom - 3 > top
    const outside = box.left < frame.left - 2 || box.right > frame.right + 2
    if (outside || kept.some(meets)) text.style.visibility = "hidden"
    else kept.push(box)
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const { root, find, kept } = mounted(parentElement, "plate", { sort: null })
  const [picture, line] = [find(".picture"), find(".line")]

  if (kept.svg !== data.svg || kept.present !== data.present) {
    kept.svg = data.svg
    kept.present = data.present
    const held = [...picture.querySelectorAll(".grip")].findIndex(each => each.matches(":focus"))
    picture.innerHTML = data.svg
    picture.querySelectorAll(".grip")[held]?.focus({ preventScroll: true })
    const drawing = picture.firstElementChild
    if (drawing) {
      named(drawing, data.pickable)
      const natural = drawing.viewBox.baseVal.width
      kept.texts = [...drawing.querySelectorAll("text")].map(e => [
        e,
        Number(e.getAttribute("font-size")),
      ])
      kept.smallest = Math.min(...kept.texts.map(([, size]) => size))
      const legible = (LEGIBLE * natural) / (data.grow * kept.smallest)
      drawing.style.minWidth = `${Math.min(natural, Math.max(data.smallest, legible))}px`
      drawing.style.maxWidth = `${1.25 * natural}px`
      kept.natural = natural
      if (data.present) thicken(drawing)
    }
  }
  if (kept.table !== JSON.stringify(data.table)) {
    kept.table = JSON.stringify(data.table)
    kept.sort = null
    drawTable(find(".rows"), data.table, kept)
  }
  // text shrinks less than the drawing, so that it stays readable on a projector
  const resize = () => {
    const shrunk = kept.natural / picture.clientWidth
    const wanted = Math.max(1, 0.86 * shrunk, (data.least * shrunk) / kept.smallest)
    const factor = Math.min(data.grow, wanted)
    for (const [text, size] of kept.texts ?? []) text.setAttribute("font-size", size * factor)
    if (data.present && kept.texts) enlarge(picture, kept.texts, kept.natural)
  }
  kept.observer?.disconnect()
  kept.observer = new ResizeObserver(resize)
  kept.observer.observe(picture)
  find(".bar").hidden = !data.svg
  line.hidden = !data.pickable && !picture.querySelector("[data-layer]")

  grips(picture, kept, told => setStateValue("held", told))

  const all = () => [...root.querySelectorAll("[data-layer]")]
  const targets = () => [...picture.querySelectorAll("[data-layer]")]
  // without a tower: every share of the layer; a row of the table has no tower
  const same = (element, { layer, tower }) =>
    element.dataset.layer === layer &&
    (tower == null || !element.dataset.tower || element.dataset.tower === String(tower))
  const mark = (it, kind) => all().forEach(e => e.classList.toggle(kind, same(e, it)))
  const say = it => {
    const target = targets().find(e => same(e, it))
    const row = data.table?.rows.find(each => each.name === it.layer)
    line.textContent = target?.querySelector("title")?.textContent ?? row?.title ?? data.hint
  }
  const chosen = () => ({ layer: data.selected, tower: data.tower })
  const point = it => {
    mark(it, "hovered")
    say(it.layer == null ? chosen() : it)
  }
  const tell = it => {
    point(it)
    window.dispatchEvent(new CustomEvent(POINTED, { detail: { ...it, from: root } }))
  }
  const rest = () => tell({ layer: null })
  const told = ({ detail }) => detail.from !== root && point(detail)
  window.removeEventListener(POINTED, kept.told)
  window.addEventListener(POINTED, (kept.told = told))
  const pick = it => {
    // a row of the table covers all towers and keeps the chosen one
    const picked = { layer: it.layer, tower: it.tower == null ? data.tower : Number(it.tower) }
    Object.assign(data, { selected: picked.layer, tower: picked.tower })
    mark(picked, "selected")
    say(picked)
    setStateValue("picked", picked)
    inspect(it.layer)
  }
  // the card beside a chosen block: what it is in a sentence, its formula, and where to go on
  const card = find(".card")
  const inspect = layer => {
    const detail = data.details?.find(([name]) => name === layer)?.[1]
    kept.inspected = detail ? layer : null
    card.hidden = !detail
    if (!detail) return
    card.replaceChildren()
    card.setAttribute("aria-label", detail.title)
    const close = make("button", card, { type: "button", class: "close" }, data.close)
    close.onclick = () => inspect(null)
    make("strong", card, {}, detail.title)
    for (const words of detail.lines) make("p", card, {}, words)
    const acts = make("div", card, { class: "acts" })
    for (const [act, label] of detail.acts) {
      const button = make("button", acts, { type: "button" }, label)
      button.onclick = () => setTriggerValue("act", { act, layer })
    }
    const ways = make("div", card, { class: "ways" })
    for (const { page, label } of data.ways.filter(way => detail.pages.includes(way.page))) {
      const way = make("button", ways, { type: "button" }, label)
      way.onclick = () => setTriggerValue("go", { page, layer })
    }
    place(targets().findLast(e => e.dataset.layer === layer))
  }
  // below the block or above it, where the card lies on the drawing alone; else under the drawing,
  // so that it hides neither what is written there nor another tower
  const place = block => {
    card.classList.remove("under")
    if (!block) return
    const [box, frame] = [block, picture].map(e => e.getBoundingClientRect())
    const left = box.left - frame.left + box.width / 2 - card.offsetWidth / 2
    card.style.left = `${Math.max(0, Math.min(left, frame.width - card.offsetWidth))}px`
    const below = box.bottom - frame.top + GAP
    const above = box.top - frame.top - GAP - card.offsetHeight
    const fits = below + card.offsetHeight <= frame.height
    card.style.top = `${fits ? below : above}px`
    card.classList.toggle("under", !fits && (above < 0 || block.dataset.tower != null))
  }
  const go = (element, [down, across]) => {
    const { layer, tower } = element.dataset
    let peers = element.closest("svg") ? targets() : [...root.querySelectorAll("tr[data-layer]")]
    // in a drawing of towers, left and right stay on the tower, up and down on the layer
    if (tower != null)
      peers = peers.filter(e => (across ? e.dataset.tower === tower : e.dataset.layer === layer))
    peers[peers.indexOf(element) + (across || down)]?.focus()
  }

  for (const element of all()) {
    const it = { layer: element.dataset.layer, tower: element.dataset.tower }
    element.onmouseenter = element.onfocus = () => tell(it)
    element.onmouseleave = element.onblur = rest
    element.onclick = () => data.pickable && pick(it)
    element.onkeydown = event => {
      const step = arrow(event)
      if (step) return go(element, step)
      if (event.key === "Escape") return inspect(null)
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      if (data.pickable) pick(it)
    }
  }
  for (const crossing of picture.querySelectorAll(".crossing")) {
    crossing.onmouseenter = () => {
      line.textContent = crossing.querySelector("title").textContent
    }
    crossing.onmouseleave = rest
  }
  find(".legend").replaceChildren()
  for (const [colour, words] of data.legend) {
    make("span", find(".legend"), {}, words).style.setProperty("--colour", colour)
  }
  mark(chosen(), "selected")
  root.classList.toggle("pickable", Boolean(data.pickable))
  point({ layer: null })
  if (kept.inspected) inspect(kept.inspected)
  root.onkeydown = event => event.key === "Escape" && inspect(null)

  return () => {
    kept.observer.disconnect()
    window.removeEventListener(POINTED, kept.told)
  }
}

// a drawing on a page: its blocks are buttons, or pictures, each named by its title
function named(drawing, pickable) {
  const blocks = [...drawing.querySelectorAll("[data-layer]")]
  if (!blocks.length && !drawing.querySelector(".grip")) return
  drawing.setAttribute("role", "group") // the parts of an img would be hidden
  for (const block of blocks) {
    block.removeAttribute("aria-label") // the title says the same, and names what is written too
    if (!pickable) block.setAttribute("role", "img")
  }
}

function drawTable(host, table, kept) {
  host.replaceChildren()
  if (!table) return
  // a long table scrolls under its header
  host.style.maxHeight = table.height ? `${table.height}px` : ""
  const sheet = make("table", host, { "aria-label": table.label })
  sheet.classList.toggle("wrap", Boolean(table.wrap))
  const head = make("thead", sheet)
  const groups = make("tr", head)
  for (const group of table.groups)
    if (group.title) make("th", groups, { colspan: group.span, scope: "colgroup" }, group.title)
    else make("td", groups, { colspan: group.span })
  const names = make("tr", head)
  table.columns.forEach((column, index) => {
    const cell = make("th", names, { scope: "col", class: column.numeric ? "number" : "" })
    const button = make("button", cell, { type: "button", title: table.sort }, column.title)
    make("span", button, { class: "unit" }, column.unit ? ` ${column.unit}` : "")
    button.onclick = () => {
      // the first click sorts, the second reverses, the third restores the network's own order
      const again = kept.sort?.index === index ? kept.sort.clicks + 1 : 1
      const down = (again === 2) !== Boolean(column.numeric)
      kept.sort = { index, clicks: again }
      for (const other of names.children) other.removeAttribute("aria-sort")
      if (again === 3) {
        kept.sort = null
        body.append(...lines.map(([, line]) => line))
        return
      }
      cell.setAttribute("aria-sort", down ? "descending" : "ascending")
      const key = row => row.keys[index]
      const sorted = [...lines].sort(([a], [b]) => {
        const [x, y] = [key(a), key(b)]
        if (x === null || y === null) return (x === null) - (y === null)
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1)
      })
      body.append(...sorted.map(([, line]) => line))
    }
  })
  const body = make("tbody", sheet)
  const lines = table.rows.map(row => {
    const line = make("tr", body, { "data-layer": row.name, tabindex: "0" })
    row.cells.forEach((text, index) => {
      const cell = make("td", line, {}, text)
      cell.classList.toggle("number", Boolean(table.columns[index].numeric))
      cell.classList.toggle("lit", Boolean(row.lit?.[index]))
      cell.classList.toggle("roomy", table.roomy === index)
    })
    return [row, line]
  })
  if (table.total) {
    const total = make("tr", make("tfoot", sheet))
    table.total.forEach((text, index) =>
      make("td", total, { class: table.columns[index].numeric ? "number" : "" }, text),
    )
  }
  // the right edge fades while there are columns behind it
  const more = () =>
    host.classList.toggle("more", host.scrollWidth - host.clientWidth - host.scrollLeft > 4)
  host.onscroll = more
  kept.widths?.disconnect()
  kept.widths = new ResizeObserver(more)
  kept.widths.observe(host)
}
