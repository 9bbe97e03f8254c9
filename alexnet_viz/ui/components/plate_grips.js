// Frames of a drawing that are moved (render/diagrams/graph/grips.py): by pressing and dragging, or
// by the arrow keys, with Ctrl in larger steps.  Python hears of a move while it goes on, one at a
// time; the drawing that it sends back may arrive in the middle of the next move.

const ANSWER = 1500 // milliseconds after which no answer is expected any more
const REST = 350 // milliseconds after the last key until the move has ended

const numbers = text => text.split(" ").map(Number)

// what a grip says of itself
function gripped(element, index) {
  const { cells, at, size, box, first, step, sets, place, field } = element.dataset
  const [rows, columns] = numbers(cells)
  const [high, wide] = numbers(size)
  return {
    element,
    index,
    names: sets.split(" "),
    place,
    value: cell => Number(first) + cell * Number(step),
    start: numbers(at),
    size: [high, wide],
    last: [rows - high, columns - wide].map(n => Math.floor(n + 1e-6)),
    columns,
    box: numbers(box),
    field: field ? numbers(field) : null,
  }
}

function grips(picture, kept, send) {
  const all = () => [...picture.querySelectorAll(".grip")].map(gripped)
  const under = event => {
    const element = event.target.closest?.(".grip")
    return element && all().find(it => it.element === element)
  }
  const inside = (it, at) => at.map((n, axis) => Math.min(it.last[axis], Math.max(0, n)))

  // draw the frame at a cell, and the frame of what the cell sees
  const show = (it, at) => {
    const [, , across, down] = it.box
    const moved = [(at[1] - it.start[1]) * across, (at[0] - it.start[0]) * down]
    it.element.querySelector(".held").setAttribute("transform", `translate(${moved.join()})`)
    const number = at[0] * it.columns + at[1]
    const [row, column] = at.map(it.value)
    it.element.ariaValueMin = 0
    it.element.ariaValueMax = it.last[0] * it.columns + it.last[1]
    it.element.ariaValueNow = number
    it.element.ariaValueText = fill(it.place, { row, column, number })
    if (!it.field) return
    const seen = picture.querySelector("[data-on]")
    const [left, top, scale, width, height] = numbers(seen.dataset.on)
    const [first, jump, size] = it.field
    const sides = [at[1], at[0]].map((n, axis) => {
      const from = first + n * jump
      const end = [width, height][axis]
      return [from, from + size].map(each => Math.min(end, Math.max(0, each)) * scale)
    })
    const [[x1, x2], [y1, y2]] = [sides[0].map(x => x + left), sides[1].map(y => y + top)]
    for (const frame of seen.querySelectorAll("polygon")) {
      frame.setAttribute("points", `${x1},${y1} ${x2},${y1} ${x2},${y2} ${x1},${y2}`)
    }
  }
  // where the frame is by now: an answer to an earlier move does not take it back
  const now = it => (kept.grip?.index === it.index ? kept.grip.at : it.start)
  const cell = (it, event) => {
    const matrix = picture.firstElementChild.getScreenCTM().inverse()
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix)
    const [left, top, across, down] = it.box
    return [Math.floor((y - top) / down), Math.floor((x - left) / across)]
  }

  const tell = last => {
    const grip = kept.grip
    if (!grip?.unsaid || (!last && Date.now() - (kept.asked ?? 0) < ANSWER)) return
    kept.asked = Date.now()
    grip.unsaid = false
    const it = all()[grip.index]
    const told = it.names.length > 1 ? grip.at : [grip.at[0] * it.columns + grip.at[1]]
    const values = Object.fromEntries(it.names.map((name, axis) => [name, it.value(told[axis])]))
    send({ turn: kept.asked, values })
  }
  const move = (it, at) => {
    const to = inside(it, at)
    if (String(to) === String(now(it))) return
    kept.grip = { index: it.index, at: to, unsaid: true }
    show(it, to)
    tell(false)
  }

  picture.onpointerdown = event => {
    const it = under(event)
    if (!it || event.button) return
    event.preventDefault()
    it.element.focus({ preventScroll: true })
    const at = now(it)
    const pressed = cell(it, event)
    const held = pressed.every((n, axis) => n >= at[axis] && n < at[axis] + it.size[axis])
    const hold = pressed.map((n, axis) =>
      held ? n - at[axis] : Math.floor((it.size[axis] - 1) / 2),
    )
    kept.pressed = { index: it.index, hold }
    picture.setPointerCapture(event.pointerId)
    move(it, [pressed[0] - hold[0], pressed[1] - hold[1]])
  }
  picture.onpointermove = event => {
    if (kept.pressed) {
      const { index, hold } = kept.pressed
      const it = all()[index]
      const to = cell(it, event)
      return move(it, [to[0] - hold[0], to[1] - hold[1]])
    }
    const over = under(event)
    rest()
    kept.over = Boolean(over?.field)
    if (kept.over) show(over, inside(over, cell(over, event)))
  }
  // what a cell sees is shown while it is pointed at; then again what the chosen one sees
  const rest = () => {
    if (kept.over) for (const each of all()) if (each.field) show(each, now(each))
    kept.over = false
  }
  picture.onpointerleave = rest
  picture.onpointerup = picture.onpointercancel = () => {
    kept.pressed = null
    tell(true)
  }
  picture.onkeydown = event => {
    const it = under(event)
    const by = it && arrow(event)
    if (!by) return
    const far = event.ctrlKey ? Math.max(1, Math.round(Math.max(...it.last) / 20)) : 1
    const at = now(it)
    move(it, [at[0] + by[0] * far, at[1] + by[1] * far])
    clearTimeout(kept.rest)
    kept.rest = setTimeout(() => tell(true), REST)
  }

  // what Python sent: the answer to the last move, or to one before it
  kept.asked = 0
  if (kept.grip && !kept.pressed && !kept.grip.unsaid) kept.grip = null
  for (const each of all()) show(each, now(each))
  tell(false)
}
