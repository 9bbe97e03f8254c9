// The tile and the cell of a contact sheet under the pointer, found without the server.  Values are
// read back from the colours, so they are as exact as one step of the scale.

// the choice stays when the reader visits another page, as Python's own record of it does
let turn = -1
let channel = 0

export default function ({ data, parentElement, setTriggerValue }) {
  const { root, find, kept } = mounted(parentElement, "contact")
  const [frame, image, tip] = [".frame", "img", ".tip"].map(find)
  const [chosen, pointed] = root.querySelectorAll(".mark")
  if (kept.data !== data) {
    kept.data = data
    kept.sheet = unpack(data)
    kept.steps = null
    image.src = pictureUrl(kept, kept.sheet.png)
  }
  const sheet = kept.sheet
  const { words, columns } = sheet
  const [width, height] = sheet.size
  const [across, down] = sheet.tile
  const order = new Uint32Array(sheet.order.buffer)
  const numbers = floats(sheet.numbers)
  const single = numbers.length === order.length // a unit has one value, a channel statistics
  if (turn !== sheet.turn) [turn, channel] = [sheet.turn, sheet.selected]
  let place = order.indexOf(channel)

  image.alt = root.ariaLabel = sheet.alt
  frame.style.aspectRatio = `${width} / ${height}`
  frame.style.maxWidth = `${sheet.most}px`
  find(".strip").style.background = gradient(sheet.colours)
  // enlarged pixels stay sharp; a reduced sheet is averaged, or some gaps between maps would vanish
  const sharpen = () => {
    image.style.imageRendering = frame.clientWidth >= width ? "pixelated" : "auto"
  }
  const observer = new ResizeObserver(sharpen)
  observer.observe(frame)

  const statistics = of => {
    const [mean, max, min, zeros] = [0, 1, 2, 3].map(row => numbers[row * order.length + of])
    return { mean, max, min, zeros }
  }
  const limits = of => {
    if (sheet.limits) return sheet.limits
    const { max, min } = statistics(of)
    const top = Math.max(Math.abs(min), Math.abs(max)) || 1
    return sheet.signed ? [-top, top] : [min, max]
  }
  const put = (mark, at) => {
    mark.hidden = at === null || at < 0
    if (mark.hidden) return
    const [left, top] = [(at % columns) * across, Math.floor(at / columns) * down]
    lay(mark, [left / width, top / height, across / width, down / height])
  }

  // the step of the scale at a pixel of the sheet; undefined where the browser gives no colours
  const step = (x, y) => {
    if (!kept.steps) {
      const canvas = new OffscreenCanvas(width, height)
      const brush = canvas.getContext("2d")
      brush.drawImage(image, 0, 0)
      kept.pixels = brush.getImageData(0, 0, width, height).data
      kept.steps = new Map()
      for (let i = 0; i < sheet.colours.length / 3; i++) {
        kept.steps.set(sheet.colours.subarray(3 * i, 3 * i + 3).join(), i)
      }
    }
    const at = 4 * (y * width + x)
    return kept.steps.get(kept.pixels.subarray(at, at + 3).join())
  }
  const value = (of, x, y) => {
    const { max, min } = statistics(of)
    if (max === 0 && min === 0) return "0"
    const [low, high] = limits(of)
    const last = sheet.colours.length / 3 - 1
    const at = step(x, y)
    if (at === undefined) return "?"
    if (at === 0 && min < low) return `≤ ${spelled(low)}`
    if (at === last && max > high) return `≥ ${spelled(high)}`
    if (high === low) return spelled(low)
    return `≈ ${about(low + (at / last) * (high - low), (high - low) / last)}`
  }

  const say = (at, cell) => {
    const of = order[at]
    if (of === undefined) return (tip.textContent = "")
    const parts = [fill(words.channel, { channel: of })]
    if (single) parts.push(spelled(numbers[of]))
    else {
      if (cell) parts.push(fill(words.cell, { ...cell, value: value(of, cell.x, cell.y) }))
      const { mean, max, min, zeros } = statistics(of)
      const share = Math.round(100 * zeros)
      const said = { mean: spelled(mean), max: spelled(max), min: spelled(min), zeros: share }
      parts.push(fill(words.statistics, said))
    }
    tip.textContent = parts.join(" · ")
    const [low, high] = limits(of)
    find(".low").textContent = spelled(low)
    find(".high").textContent = spelled(high)
  }
  const rest = () => {
    put(pointed, null)
    say(place, null)
  }
  const under = event => {
    const pixel = cellUnder(event, frame, [height, width])
    if (!pixel) return null
    const [y, x] = pixel
    const at = Math.floor(y / down) * columns + Math.floor(x / across)
    if (at >= order.length) return null
    const [column, row] = [x % across, y % down]
    const inGap = !single && (column === across - 1 || row === down - 1)
    return { at, cell: inGap ? null : { x, y, row, column } }
  }
  const pick = at => {
    if (at < 0 || at >= order.length) return
    place = at
    channel = order[at]
    put(chosen, at)
    rest()
    setTriggerValue("channel", channel)
  }

  put(chosen, place)
  rest()
  frame.onpointermove = event => {
    const found = under(event)
    if (!found) return rest()
    put(pointed, found.at)
    say(found.at, found.cell)
  }
  frame.onpointerleave = rest
  frame.onclick = event => pick(under(event)?.at ?? -1)
  root.onkeydown = event => {
    const by = arrow(event)
    if (by) pick(place + by[0] * columns + by[1])
  }
  return () => observer.disconnect()
}
