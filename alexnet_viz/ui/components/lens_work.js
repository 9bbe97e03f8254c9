// How the value of the cell is computed: window x kernel = products, and each channel's contribution.

const BARS = 8

const largestOf = numbers => numbers.reduce((top, each) => Math.max(top, Math.abs(each)), 0)
const placeOfLargest = numbers =>
  numbers.reduce((best, each, i) => (Math.abs(each) > Math.abs(numbers[best]) ? i : best), 0)

// ``all``: the picture's three channels at once, in their own colours
function drawGrids(it, now, slice, all) {
  const { find, root, kept, shown, name } = it
  const { source, words, colours } = shown
  const { block, products } = now
  const { cells, inside, rows, columns } = block
  const weighted = Boolean(products)
  find(".grids").hidden = !weighted && cells === 1
  find(".grids").classList.toggle("one", !weighted)
  find(".grids").classList.toggle("single", weighted && cells === 1)
  for (const part of root.querySelectorAll(".kernel, .products, .sign")) part.hidden = !weighted
  if (find(".grids").hidden) return

  const own = numbers => numbers.subarray(slice * cells, (slice + 1) * cells)
  const over = i => [Math.floor(i / columns.length), i % columns.length]
  const marked = [now.best, kept.spot].filter(i => i !== undefined && i >= 0 && i < cells)
  const shape = { rows: rows.length, columns: columns.length, outside: i => !inside[i], marked }
  const draw = (place, title, numbers, limits, steps, colour) => {
    const shade = colouring(steps, limits)
    const spelt = colour ? null : i => figure(numbers[i], 3)
    grid(
      find(`${place} canvas`),
      { ...shape, words: spelt, colour: colour || (i => shade(numbers[i])) },
      colours,
    )
    find(`${place} figcaption`).textContent = title
  }
  const ended = (title, end) => `${title} · ±${figure(end, 3)}`
  const coloured = channel =>
    all && (i => [0, 1, 2].map(band => channel(source.bands.indexOf(band), i)))

  const read = own(block.values)
  const end = source.image ? largestOf(read) : source.limits[1]
  draw(
    ".window",
    `${words.window} · ${all ? words.colours : name(slice)}`,
    read,
    [source.signed ? -end : 0, end],
    source.signed ? shown.diverging : shown.rising,
    coloured((channel, i) => {
      const [y, x] = over(i)
      return inside[i] ? kept.pixel(rows[y], columns[x], source.bands[channel]) : 128
    }),
  )
  if (weighted) {
    const most = largestOf(kept.kernel) || 1
    const grey = (channel, i) =>
      Math.round(127.5 + (127.5 * kept.kernel[channel * cells + i]) / most)
    draw(
      ".kernel",
      ended(words.kernel, most),
      own(kept.kernel),
      [-most, most],
      shown.diverging,
      coloured(grey),
    )
    const summed = all
      ? Float64Array.from(
          { length: cells },
          (_, i) => products[i] + products[cells + i] + products[2 * cells + i],
        )
      : own(products)
    const top = largestOf(summed) || 1
    draw(".products", ended(words.products, top), summed, [-top, top], shown.diverging)
  }
  spell(it, now, all ? [0, 1, 2] : [slice], over)
  for (const canvas of root.querySelectorAll(".grids canvas")) {
    const point = spot => {
      if (spot === kept.spot) return
      kept.spot = spot
      drawGrids(it, now, slice, all)
    }
    canvas.onpointermove = event => {
      const at = cellUnder(event, canvas, [rows.length, columns.length])
      point(at && at[0] * columns.length + at[1])
    }
    canvas.onpointerleave = () => point(undefined)
  }
}

// the numbers of the cell of the window under the pointer; without one, a hint
function spell({ find, kept, shown, name }, { block, products }, slices, over) {
  const [i, words] = [kept.spot, shown.words]
  if (i === undefined || i >= block.cells) {
    find(".spot").textContent = words.hint
    return
  }
  const said = slices.map(channel => {
    const k = channel * block.cells + i
    const value = figure(block.values[k], 5)
    const which = slices.length > 1 ? `${name(channel)} ` : ""
    const product = products && ` × ${figure(kept.kernel[k], 4)} = ${figure(products[k], 4)}`
    return `${which}${value}${product ?? ""}`
  })
  const [y, x] = over(i)
  const where = block.inside[i] ? words.spot : words.spot_outside
  const place = { row: figure(block.rows[y], 5), column: figure(block.columns[x], 5) }
  find(".spot").textContent = `${fill(where, place)} ${said.join(" · ")}`
}

function drawParts(it, now, slice, all) {
  const { find, kept, shown, name } = it
  const { source, words } = shown
  const { parts, products, block } = now
  find(".parts").hidden = !parts
  if (!parts) return
  const end = largestOf(parts) || 1
  const signed = Boolean(products)
  const order = parts.map((_, i) => i)
  if (!source.names) order.sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]))

  // go to the contributing channel, to its cell that counts most; a colour is shown by itself
  const go = part => {
    if (source.image) {
      kept.slice = kept.slice === part ? undefined : part
      kept.look = undefined
      it.draw()
      return
    }
    const sizes = block.inside.map((inside, i) =>
      inside ? Math.abs(products?.[part * block.cells + i] ?? 1) : -1,
    )
    const spot = sizes.indexOf(Math.max(...sizes))
    const [row, column] = [Math.floor(spot / block.columns.length), spot % block.columns.length]
    it.go([source.first + part, block.rows[row], block.columns[column]])
  }
  const look = part => {
    if (kept.look === part) return
    kept.look = part
    it.draw()
  }
  const scale = { parts, signed, end, slice: all ? undefined : slice }
  drawSheet(it, scale, look, go)
  const list = find(".bars")
  const some = order.slice(0, BARS)
  while (list.children.length > some.length) list.lastChild.remove()
  while (list.children.length < some.length) addBar(list)
  some.forEach((part, i) => {
    const button = list.children[i].firstChild
    const [label, track, number] = button.children
    const share = (50 * Math.abs(parts[part])) / end
    label.textContent = name(part)
    number.textContent = figure(parts[part], 4)
    button.title = source.image ? words.look : fill(words.go, { slice: name(part) })
    button.classList.toggle("chosen", part === scale.slice)
    button.classList.toggle("negative", parts[part] < 0)
    track.firstChild.style.width = `${signed ? share : 2 * share}%`
    track.firstChild.style.left = signed ? `${parts[part] < 0 ? 50 - share : 50}%` : "0"
    button.onpointerenter = button.onfocus = () => look(part)
    button.onpointerleave = button.onblur = () => look(undefined)
    button.onclick = () => go(part)
  })
}

// an empty bar: its label, its track with the filled part, its number
function addBar(list) {
  const button = make("button", make("li", list), { type: "button" })
  for (const part of ["label", "track", "number"]) make("span", button, { class: part })
  make("i", button.children[1])
}

// every contribution as a tile, so that none is left out
function drawSheet({ find, shown }, { parts, signed, end, slice }, look, go) {
  const canvas = find(".sheet")
  canvas.hidden = parts.length <= BARS
  if (canvas.hidden) return
  const across = Math.ceil(Math.sqrt(parts.length * 3))
  const down = Math.ceil(parts.length / across)
  const { pen, width } = fresh(canvas, down / across)
  const side = width / across
  const gap = side > 8 ? 1 : 0
  const shade = colouring(signed ? shown.diverging : shown.rising, [signed ? -end : 0, end])
  const corner = i => [(i % across) * side, Math.floor(i / across) * side]
  parts.forEach((part, i) => {
    pen.fillStyle = `rgb(${shade(part)})`
    pen.fillRect(...corner(i), side - gap, side - gap)
  })
  if (slice !== undefined)
    frame(pen, ...corner(slice), side - gap, side - gap, shown.colours.mark, 1.5)
  const under = event => {
    const at = cellUnder(event, canvas, [down, across])
    const part = at && at[0] * across + at[1]
    return part < parts.length ? part : undefined
  }
  canvas.onpointermove = event => look(under(event))
  canvas.onpointerleave = () => look(undefined)
  canvas.onclick = event => under(event) !== undefined && go(under(event))
}
