// Numbers as pictures: planes of pixels, grids with figures in their cells, frames.

// the colour of a value on a scale of 256 steps
const colouring = (steps, [low, high]) => value => {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)))
  const at = 3 * Math.round(255 * share)
  return [steps[at], steps[at + 1], steps[at + 2]]
}

// a picture of so many pixels, each in the colour that is asked for
function bitmap(width, height, colour) {
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  const pixels = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) pixels.data.set([...colour(i), 255], 4 * i)
  canvas.getContext("2d").putImageData(pixels, 0, 0)
  return canvas
}

// a canvas as wide as its place, sharp on every screen; coordinates are those of the page
function fresh(canvas, ratio, width = canvas.clientWidth) {
  const dense = window.devicePixelRatio || 1
  const height = width * ratio
  canvas.width = Math.round(width * dense)
  canvas.height = Math.round(height * dense)
  canvas.style.height = `${height}px`
  const pen = canvas.getContext("2d")
  pen.scale(dense, dense)
  return { pen, width, height }
}

function put(pen, picture, x, y, width, height, smooth = false) {
  pen.imageSmoothingEnabled = smooth
  pen.imageSmoothingQuality = "high"
  pen.drawImage(picture, x, y, width, height)
}

// a frame that shows on any picture: its colour between two dark lines
function frame(pen, x, y, width, height, colour, thick = 2.5) {
  pen.lineJoin = "miter"
  for (const [line, style] of [[thick + 2.5, "#000"], [thick, colour]]) {
    pen.lineWidth = line
    pen.strokeStyle = style
    pen.strokeRect(x, y, width, height)
  }
}

// cells of a kernel's size; those outside the map are crossed, the marked ones framed
function grid(canvas, { rows, columns, colour, words, outside, marked }, colours) {
  const { pen, width } = fresh(canvas, rows / columns)
  const side = width / columns
  const roomy = words && side >= 30
  pen.font = `${Math.min(13, Math.max(10, side / 4.1))}px ${getComputedStyle(canvas).fontFamily}`
  pen.textAlign = "center"
  pen.textBaseline = "middle"
  for (let i = 0; i < rows * columns; i++) {
    const [x, y] = [(i % columns) * side, Math.floor(i / columns) * side]
    const shade = colour(i)
    pen.fillStyle = `rgb(${shade})`
    pen.fillRect(x, y, side + 0.5, side + 0.5) // over the seam to the next one, which covers it
    if (outside?.(i)) {
      pen.strokeStyle = colours.padding
      pen.lineWidth = 1
      pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1)
      pen.beginPath()
      pen.moveTo(x, y + side)
      pen.lineTo(x + side, y)
      pen.stroke()
    }
    if (roomy) {
      const [r, g, b] = shade
      pen.fillStyle = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000" : "#fff"
      pen.fillText(words(i), x + side / 2, y + side / 2)
    }
  }
  marked.forEach(i => frame(pen, (i % columns) * side + 2, Math.floor(i / columns) * side + 2, side - 4, side - 4, colours.mark))
}

const raised = power => Array.from(power, sign => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")

// a number for people: so many significant digits, a true minus sign, no exponent where it can be helped
function figure(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value).replace("-", "−").replace("Infinity", "∞")
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 10 ** digits) return String(value).replace("-", "−")
  const plain = size >= 10 ** -digits && size < 1e7
  const text = plain
    ? value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))))
    : value.toExponential(Math.max(0, digits - 2)).replace(/e\+?(-?\d+)/, (_, power) => `·10${raised(power)}`)
  return text.replace(/^-/, "−")
}
