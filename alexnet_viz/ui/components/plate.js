// A drawing whose layers can be pointed at, and a table tied to it, without a server round trip.
// Hovering or focusing a layer lights it in both and shows its line; a click tells Python.
// A block may be one tower's share of a layer (data-tower): then that share alone is lit and told.
// Handlers are assigned, not added: the function runs again whenever the data change.

const memory = new WeakMap()
const LEGIBLE = 11  // pixels of the smallest words: a drawing that would have to go below scrolls

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".plate")
  const kept = memory.get(root) ?? { sort: null }
  memory.set(root, kept)
  const picture = root.querySelector(".picture")
  const line = root.querySelector(".line")

  if (kept.svg !== data.svg) {
    kept.svg = data.svg
    picture.innerHTML = data.svg
    const drawing = picture.firstElementChild
    if (drawing) {
      const natural = drawing.viewBox.baseVal.width
      const sizes = [...drawing.querySelectorAll("text")].map(e => Number(e.getAttribute("font-size")))
      const legible = (LEGIBLE * natural) / (data.grow * Math.min(...sizes))
      drawing.style.minWidth = `${Math.min(natural, Math.max(data.smallest, legible))}px`
      drawing.style.maxWidth = `${1.25 * natural}px`
      kept.texts = [...drawing.querySelectorAll("text")].map(e => [e, Number(e.getAttribute("font-size"))])
      kept.natural = natural
    }
  }
  if (kept.table !== JSON.stringify(data.table)) {
    kept.table = JSON.stringify(data.table)
    kept.sort = null
    drawTable(root.querySelector(".rows"), data.table, kept)
  }
  // words shrink less than the drawing, so that they stay readable on a projector
  const resize = () => {
    const factor = Math.min(data.grow, Math.max(1, (0.86 * kept.natural) / picture.clientWidth))
    for (const [text, size] of kept.texts ?? []) text.setAttribute("font-size", size * factor)
  }
  kept.observer?.disconnect()
  kept.observer = new ResizeObserver(resize)
  kept.observer.observe(picture)
  root.querySelector(".bar").hidden = !data.svg

  const all = () => [...root.querySelectorAll("[data-layer]")]
  const targets = () => [...picture.querySelectorAll("[data-layer]")]
  // without a tower every share of the layer is meant, and a row of the table has no tower
  const same = (element, { layer, tower }) => element.dataset.layer === layer &&
    (tower == null || !element.dataset.tower || element.dataset.tower === String(tower))
  const mark = (it, kind) => all().forEach(e => e.classList.toggle(kind, same(e, it)))
  const say = it => {
    const target = targets().find(e => same(e, it))
    const row = data.table?.rows.find(each => each.name === it.layer)
    line.textContent = target?.getAttribute("aria-label") ?? row?.title ?? data.hint
  }
  const chosen = () => ({ layer: data.selected, tower: data.tower })
  const rest = () => { mark({ layer: null }, "hovered"); say(chosen()) }
  const pick = it => {
    // a row of the table stands for all towers and leaves the chosen one as it is
    const picked = { layer: it.layer, tower: it.tower == null ? data.tower : Number(it.tower) }
    Object.assign(data, { selected: picked.layer, tower: picked.tower })
    mark(picked, "selected")
    say(picked)
    setStateValue("picked", picked)
  }
  const go = (element, key) => {
    const { layer, tower } = element.dataset
    const across = { ArrowRight: 1, ArrowLeft: -1 }[key]
    const down = { ArrowDown: 1, ArrowUp: -1 }[key]
    let peers = element.closest("svg") ? targets() : [...root.querySelectorAll("tr[data-layer]")]
    // in a drawing of towers left and right stay on the tower, up and down on the layer
    if (tower != null) peers = peers.filter(e => across ? e.dataset.tower === tower : e.dataset.layer === layer)
    if (across || down) peers[peers.indexOf(element) + (across ?? down)]?.focus()
    return across || down
  }

  for (const element of all()) {
    const it = { layer: element.dataset.layer, tower: element.dataset.tower }
    element.onmouseenter = element.onfocus = () => { mark(it, "hovered"); say(it) }
    element.onmouseleave = element.onblur = rest
    element.onclick = () => data.pickable && pick(it)
    element.onkeydown = event => {
      if (event.key === "Enter" || event.key === " ") data.pickable && pick(it)
      else if (!go(element, event.key)) return
      event.preventDefault()
    }
  }
  for (const arrow of picture.querySelectorAll(".crossing")) {
    arrow.onmouseenter = () => { line.textContent = arrow.querySelector("title").textContent }
    arrow.onmouseleave = rest
  }
  const legend = root.querySelector(".legend")
  legend.replaceChildren(...data.legend.map(([colour, words]) => {
    const entry = document.createElement("span")
    entry.textContent = words
    entry.style.setProperty("--colour", colour)
    return entry
  }))
  mark(chosen(), "selected")
  root.classList.toggle("pickable", Boolean(data.pickable))
  rest()

  const save = (href, name) => {
    const link = document.createElement("a")
    link.href = href
    link.download = name
    link.click()
  }
  root.querySelector(".save-svg").onclick = () => {
    const url = URL.createObjectURL(new Blob([data.svg], { type: "image/svg+xml" }))
    save(url, `${data.file}.svg`)
    setTimeout(() => URL.revokeObjectURL(url), 1000)
  }
  root.querySelector(".save-png").onclick = () => {
    const url = URL.createObjectURL(new Blob([data.svg], { type: "image/svg+xml" }))
    const image = new Image()
    image.onload = () => {
      const canvas = document.createElement("canvas")
      canvas.width = 2 * image.width
      canvas.height = 2 * image.height
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      URL.revokeObjectURL(url)
      save(canvas.toDataURL("image/png"), `${data.file}.png`)
    }
    image.src = url
  }
  return () => kept.observer.disconnect()
}

function drawTable(host, table, kept) {
  host.replaceChildren()
  if (!table) return
  const make = (tag, parent, text = "", attributes = {}) => {
    const element = document.createElement(tag)
    element.textContent = text
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    parent.append(element)
    return element
  }
  const sheet = make("table", host, "", { "aria-label": table.label })
  sheet.classList.toggle("wrap", Boolean(table.wrap))
  const head = make("thead", sheet)
  const groups = make("tr", head)
  for (const group of table.groups) make("th", groups, group.title, { colspan: group.span, scope: "colgroup" })
  const names = make("tr", head)
  table.columns.forEach((column, index) => {
    const cell = make("th", names, "", { scope: "col", class: column.numeric ? "number" : "" })
    const button = make("button", cell, column.title, { type: "button", title: table.sort })
    make("span", button, column.unit ? ` ${column.unit}` : "", { class: "unit" })
    button.onclick = () => {
      // first click, second click, and the third leads back to the network's own order
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
    const line = make("tr", body, "", { "data-layer": row.name, tabindex: "0" })
    row.cells.forEach((text, index) => {
      const cell = make("td", line, text)
      cell.classList.toggle("number", Boolean(table.columns[index].numeric))
      cell.classList.toggle("zero", text === "0")
      cell.classList.toggle("lit", Boolean(row.lit?.[index]))
    })
    return [row, line]
  })
  if (table.total) {
    const total = make("tr", make("tfoot", sheet))
    table.total.forEach((text, index) =>
      make("td", total, text, { class: table.columns[index].numeric ? "number" : "" }))
  }
}
