// The values that one cell reads and what its layer computes from them, in double precision.

// a function (channel, y, x) to the layer's input value: of maps, or of a picture's pixels looked up
// in the table of its preprocessing
function reader({ source, picture, pixels, table, values }) {
  const [, height, width] = source.shape
  if (!source.image) {
    const maps = floats(values)
    return (channel, y, x) => maps[(channel * height + y) * width + x]
  }
  const looked = floats(table)
  const across = picture[1]
  return (channel, y, x) =>
    looked[256 * channel + pixels[3 * (y * across + x) + source.bands[channel]]]
}

const taps = ([start, count, step]) => Array.from({ length: count }, (_, i) => start + i * step)

// the values a cell reads, channels x rows x columns, zero outside the map
function blockOf(shown, at, [row, column]) {
  const [, height, width] = shown.source.shape
  const rows = taps(shown.rows[row])
  const columns = taps(shown.columns[column])
  const cells = rows.length * columns.length
  const inside = rows.flatMap(y => columns.map(x => y >= 0 && y < height && x >= 0 && x < width))
  const values = new Float64Array(shown.source.count * cells)
  for (let channel = 0; channel < shown.source.count; channel++) {
    rows.forEach((y, i) =>
      columns.forEach((x, j) => {
        const k = i * columns.length + j
        if (inside[k]) values[channel * cells + k] = at(channel, y, x)
      }),
    )
  }
  return { rows, columns, cells, inside, values, count: shown.source.count }
}

const total = numbers => numbers.reduce((sum, each) => sum + each, 0)

// what each rule computes from a block: the cell's ``value``, the numbers to show (``said``), and,
// where several channels are read, the contribution of each (``parts``)
const RULES = {
  weighted({ values, cells, count }, { kernel, bias }) {
    const products = values.map((value, i) => value * kernel[i])
    const parts = Array.from({ length: count }, (_, c) =>
      total(products.subarray(c * cells, (c + 1) * cells)),
    )
    const sum = total(parts)
    return { value: sum + bias, products, parts, said: { count: products.length, sum, bias } }
  },
  max({ values, inside }) {
    let best = -1
    values.forEach((value, i) => {
      if (inside[i] && (best < 0 || value > values[best])) best = i
    })
    return {
      value: best < 0 ? -Infinity : values[best],
      best,
      said: { count: total(inside.map(Number)) },
    }
  },
  mean({ values, inside }) {
    const count = total(inside.map(Number))
    const sum = total(values)
    return { value: sum / count, said: { count, sum } }
  },
  relu: ({ values: [x] }) => ({ value: Math.max(x, 0), said: { x } }),
  tanh: ({ values: [x] }) => ({ value: Math.tanh(x), said: { x } }),
  sigmoid: ({ values: [x] }) => ({ value: 1 / (1 + Math.exp(-x)), said: { x } }),
  scale: ({ values: [x] }, { factor }) => ({ value: factor * x, said: { x, factor } }),
  same: ({ values: [x] }) => ({ value: x, said: { x } }),
  batch_norm({ values: [x] }, { gamma, mean, variance, eps, beta }) {
    return {
      value: (gamma * (x - mean)) / Math.sqrt(variance + eps) + beta,
      said: { x, gamma, mean, variance, eps, beta },
    }
  },
  lrn({ values, count, rows, columns }, { own, k, alpha, beta }, [row, column]) {
    const squares = Array.from(values, value => value * value)
    const sum = total(squares)
    // the cell's own value: one of the channels, or one of the cells of the square around it
    const x =
      values[
        own * rows.length * columns.length +
          rows.indexOf(row) * columns.length +
          columns.indexOf(column)
      ]
    return {
      value: x / (k + alpha * sum) ** beta,
      parts: count > 1 ? squares : undefined,
      said: { x, k, alpha, power: beta, sum, count: values.length },
    }
  },
  softmax({ values }, { own }) {
    const top = Math.max(...values)
    const powers = Array.from(values, value => Math.exp(value - top))
    const sum = total(powers)
    return {
      value: powers[own] / sum,
      parts: powers.map(power => power / sum),
      said: { x: values[own], count: values.length },
    }
  },
  log_softmax(block, rule) {
    const x = block.values[rule.own]
    const top = Math.max(...block.values)
    const sum = top + Math.log(total(Array.from(block.values, value => Math.exp(value - top))))
    return {
      ...RULES.softmax(block, rule),
      value: x - sum,
      said: { x, sum, count: block.values.length },
    }
  },
  // a kind of layer without a formula here: what the network itself came to
  other: (_, { captured }, [row, column]) => ({ value: captured(row, column), said: {} }),
}
