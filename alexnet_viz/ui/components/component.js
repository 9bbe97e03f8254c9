// What the components share: memory between two runs, parcels of data, pointer and arrow keys,
// pictures from numbers, files to save, numbers as text.  It stands before each component's own
// script in one module (component.py).

// Streamlit runs a component again whenever its data change; this is what each one remembers
const memory = new WeakMap()

// the component's element, a finder of its parts, and what it remembers (at first: ``first``)
function mounted(parentElement, name, first = {}) {
  const root = parentElement.querySelector(`.${name}`)
  if (!memory.has(root)) memory.set(root, first)
  root.classList.add("mounted") // until then it has no size, and stays invisible
  return { root, find: selector => root.querySelector(selector), kept: memory.get(root) }
}

// the parcel that pack() in component.py made: the header, and its parts as Uint8Array
function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  let at = 4 + length
  for (const [name, size] of Object.entries(header.parts)) {
    header[name] = bytes.slice(at, at + size) // a copy, because typed arrays need aligned bytes
    at += size
  }
  return header
}

const floats = part => new Float32Array(part.buffer)

// a phrase with its {name}s replaced
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name])

function make(tag, parent, attributes = {}, text = "") {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.textContent = text
  parent.append(element)
  return element
}

// lay an element over its parent: left, top, width and height as shares of the parent's
function lay(element, sides) {
  const names = ["left", "top", "width", "height"]
  names.forEach((name, i) => (element.style[name] = `${100 * sides[i]}%`))
}

// the position of the pointer on an element, as shares [x, y] of its width and height
function within(event, element) {
  const box = element.getBoundingClientRect()
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
}

// the cell [row, column] under the pointer, or undefined; ``place`` is where the map lies on the
// element: left, top, width and height as shares
function cellUnder(event, element, [rows, columns], place = [0, 0, 1, 1]) {
  const [x, y] = within(event, element)
  const row = Math.floor(((y - place[1]) / place[3]) * rows)
  const column = Math.floor(((x - place[0]) / place[2]) * columns)
  return row >= 0 && row < rows && column >= 0 && column < columns ? [row, column] : undefined
}

const ARROWS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }

// the step [rows, columns] that an arrow key asks for; undefined for any other key
function arrow(event) {
  const step = ARROWS[event.key]
  if (step) event.preventDefault() // the page does not scroll
  return step
}

// the cell one step further, inside the map
const stepped = (cell, step, size) =>
  cell.map((at, axis) => Math.min(size[axis] - 1, Math.max(0, at + step[axis])))

// the slider of a map's opacity: ``moved`` answers in the browser, ``told`` once it is let go
function opacitySlider({ find, kept }, words, moved, told) {
  const input = find(".opacity input")
  find(".opacity span").textContent = words
  input.value = kept.opacity
  input.oninput = moved
  input.onchange = () => {
    kept.opacity = Number(input.value)
    told(kept.opacity)
  }
}

// the colour [r, g, b] of a value on a scale, given as bytes r, g, b of each of its steps
function colouring(steps, [low, high]) {
  const last = steps.length / 3 - 1
  return value => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)))
    const at = 3 * Math.round(last * share)
    return [steps[at], steps[at + 1], steps[at + 2]]
  }
}

// a canvas of width x height pixels, pixel i in the colour that ``colour(i)`` returns
function bitmap(width, height, colour, canvas = document.createElement("canvas")) {
  canvas.width = width
  canvas.height = height
  const pixels = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) pixels.data.set([...colour(i), 255], 4 * i)
  canvas.getContext("2d").putImageData(pixels, 0, 0)
  return canvas
}

// the strip of a scale's colours, as a CSS background
function gradient(colours) {
  const stops = []
  for (let i = 0; i <= 12; i++) {
    const at = 3 * Math.round((i / 12) * (colours.length / 3 - 1))
    stops.push(`rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})`)
  }
  return `linear-gradient(to right, ${stops.join(",")})`
}

// the address of a picture that arrived as bytes; the component's last one is released
function pictureUrl(kept, bytes, type = "image/png") {
  URL.revokeObjectURL(kept.url)
  return (kept.url = URL.createObjectURL(new Blob([bytes], { type })))
}

function save(href, name) {
  const link = document.createElement("a")
  link.href = href
  link.download = name
  link.click()
}

// a number to four significant digits, without an exponent from 0.0001 to 10 million
const spelled = value => {
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e7) return value.toExponential(3)
  return String(Number(value.toPrecision(size >= 1000 ? Math.ceil(Math.log10(size)) : 4)))
}

// the shortest decimal number that rounds to this float32
const exactly = value => {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

// a number known to within ``step``, with the decimals that are certain
const about = (value, step) => {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)))
  return decimals > 6 ? value.toExponential(1) : value.toFixed(decimals)
}

const raised = power =>
  Array.from(power, sign => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")

// a number to so many significant digits in typography: true minus sign, powers of ten raised
function figure(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value).replace("-", "−").replace("Infinity", "∞")
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 10 ** digits) return String(value).replace("-", "−")
  const plain = size >= 10 ** -digits && size < 1e7
  const text = plain
    ? value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))))
    : value
        .toExponential(Math.max(0, digits - 2))
        .replace(/e\+?(-?\d+)/, (_, power) => `·10${raised(power)}`)
  return text.replace(/^-/, "−")
}
