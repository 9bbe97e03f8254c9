// Canvases of the lens: sharp on every screen, pictures, frames, grids of numbers.

// a canvas as wide as its element, cleared; its coordinates are CSS pixels on every screen
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

// a frame that is visible on any picture: its colour between two dark lines
function frame(pen, x, y, width, height, colour, thick = 2.5) {
  pen.lineJoin = "miter"
  for (const [line, style] of [
    [thick + 2.5, "#000"],
    [thick, colour],
  ]) {
    pen.lineWidth = line
    pen.strokeStyle = style
    pen.strokeRect(x, y, width, height)
  }
}

// a grid of coloured cells, with numbers where there is room; cells outside the map are crossed,
// marked ones framed
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
    pen.fillRect(x, y, side + 0.5, side + 0.5) // overlaps the next cell, which covers it, so that no gap shows
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
  marked.forEach(i =>
    frame(
      pen,
      (i % columns) * side + 2,
      Math.floor(i / columns) * side + 2,
      side - 4,
      side - 4,
      colours.mark,
    ),
  )
}
