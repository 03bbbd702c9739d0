// tflite_to_onnx.mjs IN.tflite OUT.onnx: a TensorFlow Lite network as ONNX, so that one runtime serves every model. Knows the operators of
// MediaPipe's selfie segmentation (float32 and float16 weights) and refuses any other. The same input gives the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { Graph } from './onnx.mjs';

// FlatBuffers: a table names its fields by number; field() is where one lies, or 0.
const file = readFileSync(process.argv[2]);
const int = (at) => file.readInt32LE(at);
const field = (table, number) => {
  const layout = table - int(table), slot = 4 + 2 * number;
  const offset = slot < file.readUInt16LE(layout) ? file.readUInt16LE(layout + slot) : 0;
  return offset && table + offset;
};
const follow = (at) => at + int(at);
const vector = (at) => (at ? { length: int(follow(at)), at: follow(at) + 4 } : { length: 0, at: 0 });
const tables = (at) => Array.from({ length: vector(at).length }, (_, i) => follow(vector(at).at + 4 * i));
const ints = (at) => Array.from({ length: vector(at).length }, (_, i) => int(vector(at).at + 4 * i));
const number = (table, index) => (field(table, index) ? int(field(table, index)) : 0);
const byte = (table, index) => (field(table, index) ? file[field(table, index)] : 0);
const bytes = (at) => file.subarray(vector(at).at, vector(at).at + vector(at).length);

const model = int(0), graph = tables(field(model, 2))[0];
const buffers = tables(field(model, 4)).map((buffer) => bytes(field(buffer, 0)));
const tensors = tables(field(graph, 0)).map((tensor) => ({
  shape: ints(field(tensor, 0)), type: byte(tensor, 1), data: buffers[number(tensor, 2)],
}));
const operators = tables(field(model, 1)).map((code) => (field(code, 1) ? bytes(field(code, 1)).toString() : number(code, 3) || byte(code, 0)));

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}
const numbers = (t) => Array.from({ length: t.data.length / (t.type === 1 ? 2 : 4) },
  (_, i) => (t.type === 1 ? half(t.data.readUInt16LE(2 * i)) : t.data.readFloatLE(4 * i)));

const made = new Graph();
const node = made.node.bind(made), constant = made.constant.bind(made);

// Inside, pictures are channels first; weights [out, height, width, in] are brought to the order that ONNX wants.
const name = (id) => `t${id}`;
const weights = new Map();  // by tensor: its values, dequantized
function reordered(id, order) {
  const { shape } = tensors[id], from = weights.get(id) ?? numbers(tensors[id]), out = [];
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1)), dims = order.map((axis) => shape[axis]);
  for (let i = 0; i < from.length; ++i) {
    let rest = i, at = 0;
    for (let d = 3; d >= 0; rest = Math.floor(rest / dims[d]), --d) at += (rest % dims[d]) * strides[order[d]];
    out.push(from[at]);
  }
  return constant(name(id), dims, out);
}
const flat = (id) => constant(name(id), tensors[id].shape, weights.get(id) ?? numbers(tensors[id]));
function pads(input, output, kernel, strides) {  // "same": what is missing, the larger half behind
  const missing = [0, 1].map((d) => Math.max(0, (tensors[output].shape[d + 1] - 1) * strides[d] + kernel[d] - tensors[input].shape[d + 1]));
  return [...missing.map((m) => m >> 1), ...missing.map((m) => m - (m >> 1))];
}

function convolution(options, [input, weight, bias], output, depthwise) {
  if (byte(options, depthwise ? 4 : 3)) throw new Error('a fused activation is not known');
  const kernel = tensors[weight].shape.slice(1, 3), strides = [number(options, 2), number(options, 1)];
  node('Conv', [name(input), reordered(weight, depthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]), flat(bias)], name(output), {
    kernel_shape: kernel, strides, group: depthwise ? tensors[weight].shape[3] : 1, pads: pads(input, output, kernel, strides),
  });
}
const simple = (type) => (_, inputs, output) => node(type, inputs.map(name), name(output));
const known = {
  0: simple('Add'), 14: simple('Sigmoid'), 18: simple('Mul'), 19: simple('Relu'), 117: simple('HardSwish'),
  1: (options, [input], output) => node('AveragePool', [name(input)], name(output),
    { strides: [number(options, 2), number(options, 1)], kernel_shape: [number(options, 4), number(options, 3)] }),
  3: (options, inputs, output) => convolution(options, inputs, output, false),
  4: (options, inputs, output) => convolution(options, inputs, output, true),
  6: (_, [input], output) => weights.set(output, numbers(tensors[input])),
  23: (options, [input], output) => {
    const scale = [1, 1, 2, 3].map((_, d) => (d < 2 ? 1 : tensors[output].shape[d - 1] / tensors[input].shape[d - 1]));
    node('Resize', [name(input), '', constant(`s${output}`, [4], scale)], name(output),
      { mode: 'linear', coordinate_transformation_mode: byte(options, 3) ? 'half_pixel' : byte(options, 2) ? 'align_corners' : 'asymmetric' });
  },
  Convolution2DTransposeBias: (_, [input, weight, bias], output) => {
    const [, height, width] = tensors[weight].shape;  // its stride is its kernel: nothing overlaps
    node('ConvTranspose', [name(input), reordered(weight, [3, 0, 1, 2]), flat(bias)], name(output), { kernel_shape: [height, width], strides: [height, width] });
  },
};

const [input] = ints(field(graph, 1)), [output] = ints(field(graph, 2));
node('Transpose', ['input'], name(input), { perm: [0, 3, 1, 2] });
for (const operator of tables(field(graph, 3))) {
  const type = operators[number(operator, 0)];
  if (!known[type]) throw new Error(`operator ${type} is not known`);
  known[type](field(operator, 4) && follow(field(operator, 4)), ints(field(operator, 1)), ints(field(operator, 2))[0]);
}
node('Transpose', [name(output)], 'output', { perm: [0, 2, 3, 1] });
writeFileSync(process.argv[3], made.file({ name: 'input', dims: tensors[input].shape }, { name: 'output', dims: tensors[output].shape }));
