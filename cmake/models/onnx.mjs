// An ONNX file, written: protocol buffers by hand, as no npm package is needed for that. The same calls give the same bytes.

const varint = (value) => {
  const out = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...out, Number(rest)]);
    out.push(Number(rest & 127n) | 128);
  }
};
const whole = (tag, value) => Buffer.concat([varint(tag << 3), varint(value)]);
const part = (tag, value) => {
  const content = typeof value === 'string' ? Buffer.from(value) : Buffer.concat([value].flat());
  return Buffer.concat([varint((tag << 3) | 2), varint(content.length), content]);
};

// The numbers are those of onnx.proto3. Attributes are whole numbers, lists of them, or words.
const attribute = ([name, value]) => {
  if (typeof value === 'string') return part(5, [part(1, name), part(4, value), whole(20, 3)]);
  if (Array.isArray(value)) return part(5, [part(1, name), ...value.map((v) => whole(8, v)), whole(20, 7)]);
  return part(5, [part(1, name), whole(3, value), whole(20, 2)]);
};
// A dimension that is a word is free.
const dimension = (d) => part(1, typeof d === 'string' ? part(2, d) : whole(1, d));
const described = (tag, { name, dims }) => part(tag, [part(1, name), part(2, part(1, [whole(1, 1), part(2, dims.map(dimension))]))]);

export class Graph {
  #nodes = [];
  #constants = [];

  node(type, inputs, output, attributes = {}) {
    const ends = [...inputs.map((name) => part(1, name)), part(2, output)];
    this.#nodes.push(part(1, [...ends, part(4, type), ...Object.entries(attributes).map(attribute)]));
    return output;
  }
  constant(name, dims, floats) {
    const raw = Buffer.from(Float32Array.from(floats).buffer);
    this.#constants.push(part(5, [...dims.map((d) => whole(1, d)), whole(2, 1), part(8, name), part(9, raw)]));
    return name;
  }
  // input and output: {name, dims}, of floats.
  file(input, output, operators = 14) {
    const graph = [...this.#nodes, part(2, 'network'), ...this.#constants, described(11, input), described(12, output)];
    return Buffer.concat([whole(1, 8), part(2, 'persona'), part(7, graph), part(8, [part(1, ''), whole(2, operators)])]);
  }
}
