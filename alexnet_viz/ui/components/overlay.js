// A map laid over the picture, cell by cell where its cells look, and the map by itself beside it.

const memory = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".overlay")
  const find = name => root.querySelector(name)
  const kept = memory.get(root) ?? {}
  memory.set(root, kept)
  if (kept.data !== data) {
    kept.data = data
    kept.shown = unpack(data)
    kept.opacity = kept.shown.opacity
    URL.revokeObjectURL(kept.url)
    kept.url = find("img").src = URL.createObjectURL(new Blob([kept.shown.seen]))
  }
  const { size, limits, place, fields, words, alt } = kept.shown
  const [rows, columns] = size
  const [low, high] = limits
  const values = floats(kept.shown.plane)
  const colours = kept.shown.colours
  const last = colours.length / 3 - 1

  const paint = canvas => {
    canvas.width = columns
    canvas.height = rows
    const pixels = new ImageData(columns, rows)
    values.forEach((value, i) => {
      const share = (value - low) / (high - low || 1)
      const at = 3 * Math.round(last * Math.min(1, Math.max(0, share)))
      pixels.data.set([colours[at], colours[at + 1], colours[at + 2], 255], 4 * i)
    })
    canvas.getContext("2d").putImageData(pixels, 0, 0)
  }
  const [over, plane] = root.querySelectorAll("canvas")
  paint(over)
  paint(plane)
  const put = (element, [left, top, width, height]) => {
    Object.assign(element.style, {
      left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%`,
    })
  }
  put(over, place)
  find(".map").style.aspectRatio = `${columns} / ${rows}`
  find("img").alt = words.seen
  find(".map").ariaLabel = alt
  find(".low").textContent = spelled(low)
  find(".high").textContent = spelled(high)
  find(".strip").style.background = gradient(colours)

  const slider = find("input")
  find(".opacity").hidden = kept.shown.small
  find(".opacity span").textContent = words.opacity
  const fade = () => {
    over.style.opacity = slider.value / 100
  }
  slider.value = kept.opacity
  fade()
  slider.oninput = fade
  slider.onchange = () => {
    kept.opacity = Number(slider.value)
    setTriggerValue("opacity", kept.opacity)
  }

  const [cell, field] = [find(".cell"), find(".field")]
  const point = at => {
    kept.at = at
    cell.hidden = !at
    field.hidden = !at || !fields
    if (!at) return (find(".tip").textContent = kept.shown.small ? "" : words.hint)
    const [row, column] = at
    put(cell, [column / columns, row / rows, 1 / columns, 1 / rows])
    const said = { row, column, value: exactly(values[row * columns + column]) }
    if (fields) {
      const [[height, stepDown, top], [width, stepRight, left]] = fields
      put(field, [left + column * stepRight, top + row * stepDown, width, height])
    }
    find(".tip").textContent = fill(words.cell, said)
  }
  const share = (event, element) => {
    const box = element.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }
  const inside = (x, y) => {
    const [row, column] = [Math.floor(y * rows), Math.floor(x * columns)]
    point(row >= 0 && row < rows && column >= 0 && column < columns ? [row, column] : null)
  }
  find(".map").onpointermove = event => inside(...share(event, find(".map")))
  find(".picture").onpointermove = event => {
    const [x, y] = share(event, find(".picture"))
    inside((x - place[0]) / place[2], (y - place[1]) / place[3])
  }
  const rest = () => point(kept.shown.cell)
  find(".panes").onpointerleave = rest
  find(".panes").onclick = () => kept.at && setTriggerValue("cell", kept.at)
  find(".map").onkeydown = event => {
    if (event.key === "Enter" && kept.at) setTriggerValue("cell", kept.at)
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key]
    if (!by) return
    event.preventDefault()
    const [row, column] = kept.at ?? [0, 0]
    point([
      Math.min(rows - 1, Math.max(0, row + by[0])),
      Math.min(columns - 1, Math.max(0, column + by[1])),
    ])
  }
  rest()
}
