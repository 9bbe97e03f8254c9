// A map over the picture, each cell on the centre of its receptive field, and the map by itself.

export default function ({ data, parentElement, setTriggerValue }) {
  const { root, find, kept } = mounted(parentElement, "overlay")
  if (kept.data !== data) {
    kept.data = data
    kept.shown = unpack(data)
    kept.opacity = kept.shown.opacity
    find("img").src = pictureUrl(kept, kept.shown.seen, "image/webp")
  }
  const { size, limits, place, picture, fields, words, alt } = kept.shown
  const [rows, columns] = size
  const values = floats(kept.shown.plane)
  const shade = colouring(kept.shown.colours, limits)
  const [over, plane] = root.querySelectorAll("canvas")
  for (const canvas of [over, plane]) bitmap(columns, rows, i => shade(values[i]), canvas)
  lay(over, place)
  root.classList.toggle("stacked", Boolean(kept.shown.side))
  root.style.setProperty("--side", kept.shown.side)
  find(".picture").style.aspectRatio = `${picture[1]} / ${picture[0]}`
  find(".map").style.aspectRatio = `${columns} / ${rows}`
  find("img").alt = words.seen
  find(".map").ariaLabel = alt
  find(".low").textContent = spelled(limits[0])
  find(".high").textContent = spelled(limits[1])
  find(".strip").style.background = gradient(kept.shown.colours)

  const fade = () => {
    over.style.opacity = find("input").value / 100
  }
  find(".opacity").hidden = kept.shown.small
  opacitySlider({ find, kept }, words.opacity, fade, value => setTriggerValue("opacity", value))
  fade()

  const [cell, field] = [find(".cell"), find(".field")]
  const point = at => {
    kept.at = at
    cell.hidden = !at
    field.hidden = !at || !fields
    if (!at) return (find(".tip").textContent = kept.shown.small ? "" : words.hint)
    const [row, column] = at
    lay(cell, [column / columns, row / rows, 1 / columns, 1 / rows])
    const said = { row, column, value: exactly(values[row * columns + column]) }
    if (fields) {
      const [[height, stepDown, top], [width, stepRight, left]] = fields
      lay(field, [left + column * stepRight, top + row * stepDown, width, height])
    }
    find(".tip").textContent = fill(words.cell, said)
  }
  const under = (name, at) => {
    find(name).onpointermove = event => point(cellUnder(event, find(name), size, at))
  }
  under(".map")
  under(".picture", place)
  const rest = () => point(kept.shown.cell)
  find(".panes").onpointerleave = rest
  find(".panes").onclick = () => kept.at && setTriggerValue("cell", kept.at)
  find(".map").onkeydown = event => {
    if (event.key === "Enter" && kept.at) setTriggerValue("cell", kept.at)
    const step = arrow(event)
    if (step) point(stepped(kept.at ?? [0, 0], step, size))
  }
  rest()
}
