// Where the cell is: the picture with the map and the cell's receptive field, the map itself, the map
// it reads, and the cells with the largest values as crops of the picture.

const AROUND = 5 // side of the shown part of a picture, in windows; the cell's is in the middle

// the receptive field of a cell on the picture, clipped to it; bottom and right are exclusive
function fieldOf(shown, [row, column]) {
  if (!shown.fields) return null
  const [[tall, down, top], [wide, right, left]] = shown.fields
  const [height, width] = shown.picture
  const [y, x] = [top + row * down, left + column * right]
  const cut = {
    top: Math.max(0, y),
    bottom: Math.min(height, y + tall),
    left: Math.max(0, x),
    right: Math.min(width, x + wide),
  }
  const whole = y >= 0 && x >= 0 && y + tall <= height && x + wide <= width
  return cut.bottom > cut.top && cut.right > cut.left ? { ...cut, whole, tall, wide } : null
}

function drawPicture({ find, kept, shown, single, cell }) {
  const [height, width] = shown.picture
  const { pen, width: across, height: down } = fresh(find(".seen canvas"), height / width)
  put(pen, kept.photo, 0, 0, across, down, true)
  if (shown.place && !single) {
    const [left, top, wide, tall] = shown.place
    pen.globalAlpha = find(".opacity input").value / 100
    put(pen, kept.map, left * across, top * down, wide * across, tall * down)
    pen.globalAlpha = 1
  }
  const field = fieldOf(shown, cell())
  const scale = across / width
  if (field) {
    const size = [(field.right - field.left) * scale, (field.bottom - field.top) * scale]
    frame(pen, field.left * scale, field.top * scale, ...size, shown.colours.field)
  }
}

function drawMap({ find, kept, shown }) {
  const [rows, columns] = shown.size
  const { pen, width, height } = fresh(find(".map canvas"), rows / columns)
  put(pen, kept.map, 0, 0, width, height)
  const mark = ([row, column], colour) =>
    frame(
      pen,
      (column * width) / columns,
      (row * height) / rows,
      width / columns,
      height / rows,
      colour,
    )
  mark(kept.cell, shown.colours.mark)
  if (kept.hovered) mark(kept.hovered, shown.colours.ground)
}

// one of the maps that are read, with the window on it; of a picture only the part around the window
function drawBelow({ find, kept, shown, name }, block, slice) {
  const [, height, width] = shown.source.shape
  find(".below").hidden = height * width === 1
  if (find(".below").hidden) return
  const [top, left] = [block.rows[0], block.columns[0]]
  const [tall, wide] = [block.rows.at(-1) + 1 - top, block.columns.at(-1) + 1 - left]
  let view = [0, 0, width, height]
  if (shown.source.image) {
    const side = AROUND * Math.max(tall, wide)
    view = [left + wide / 2 - side / 2, top + tall / 2 - side / 2, side, side]
  } else kept.below[slice] ??= belowOf(kept, slice)
  const { pen, width: across, height: down } = fresh(find(".below canvas"), view[3] / view[2])
  pen.fillStyle = shown.colours.padding
  pen.fillRect(0, 0, across, down)
  const scale = across / view[2]
  const [x, y] = [-view[0] * scale, -view[1] * scale]
  put(pen, kept.below[slice] ?? kept.photo, x, y, width * scale, height * scale)
  frame(pen, x + left * scale, y + top * scale, wide * scale, tall * scale, shown.colours.field)
  find(".below figcaption").textContent = fill(shown.words.below, { slice: name(slice) })
}

function belowOf({ shown, at }, slice) {
  const { shape, signed, limits } = shown.source
  const [, height, width] = shape
  const shade = colouring(signed ? shown.diverging : shown.rising, limits)
  return bitmap(width, height, i => shade(at(slice, Math.floor(i / width), i % width)))
}

function drawTop({ find, kept, shown, point, keep }) {
  find(".top").hidden = !shown.top.length
  find(".crops").replaceChildren()
  for (const [row, column] of shown.top) {
    const title = fill(shown.words.crop, { row, column })
    const attributes = {
      type: "button",
      title,
      "data-cell": `${row},${column}`,
    }
    const button = make("button", find(".crops"), attributes)
    const field = fieldOf(shown, [row, column])
    if (field) {
      const [width, height] = [field.right - field.left, field.bottom - field.top]
      const pen = make("canvas", button, { width, height }).getContext("2d")
      pen.drawImage(kept.photo, field.left, field.top, width, height, 0, 0, width, height)
    }
    const value = figure(kept.plane[row * shown.size[1] + column], 4)
    make("span", button, {}, value)
    button.ariaLabel = `${value} · ${title}`
    button.onpointerenter = button.onfocus = () => point([row, column])
    button.onpointerleave = button.onblur = () => point(undefined)
    button.onclick = () => keep([row, column], 0)
  }
}
