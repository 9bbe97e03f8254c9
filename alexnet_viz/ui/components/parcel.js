// What components of maps share: reading a parcel, colouring a plane, spelling a number.

// four bytes with the header's length, the header as JSON, then its parts one by one
function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  let at = 4 + length
  for (const [name, size] of Object.entries(header.parts)) {
    header[name] = bytes.slice(at, at + size) // a copy begins where typed arrays may begin
    at += size
  }
  return header
}

const floats = part => new Float32Array(part.buffer)

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name])

// to four significant digits, without an exponent where it can be helped
const spelled = value => {
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e7) return value.toExponential(3)
  return String(Number(value.toPrecision(size >= 1000 ? Math.ceil(Math.log10(size)) : 4)))
}

// the shortest decimal number that is this float32
const exactly = value => {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

// a value that is known to within a step, with no more digits than that says
const about = (value, step) => {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)))
  return decimals > 6 ? value.toExponential(1) : value.toFixed(decimals)
}

// a strip of the scale's colours, drawn as a background
const gradient = colours => {
  const stops = []
  for (let i = 0; i <= 12; i++) {
    const at = 3 * Math.round((i / 12) * (colours.length / 3 - 1))
    stops.push(`rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})`)
  }
  return `linear-gradient(to right, ${stops.join(",")})`
}
