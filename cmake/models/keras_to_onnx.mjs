// keras_to_onnx.mjs FOLDER OUT.onnx: a network that TensorFlow.js saved (FOLDER/model.json and its weights) as ONNX, so that one runtime
// serves every model. Knows the layers of UpscalerJS's default model and refuses any other. The same input gives the same bytes.
// pixels [1, 3, height, width] → larger [1, 3, 2 height, 2 width], both 0 to 255, RGB.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph } from './onnx.mjs';

const [folder, out] = process.argv.slice(2);
const saved = JSON.parse(readFileSync(join(folder, 'model.json')));
const { layers, input_layers: [[input]], output_layers: [[output]] } = saved.modelTopology.model_config.config;

const weights = new Map();
for (const group of saved.weightsManifest) {
  const file = Buffer.concat(group.paths.map((path) => readFileSync(join(folder, path))));
  let at = 0;
  for (const { name, shape, dtype, quantization } of group.weights) {
    if (dtype !== 'float32' || quantization) throw new Error(`weights of ${name} are no plain floats`);
    const count = shape.reduce((a, b) => a * b, 1);
    weights.set(name, { shape, values: Array.from({ length: count }, (_, i) => file.readFloatLE(at + 4 * i)) });
    at += 4 * count;
  }
  if (at !== file.length) throw new Error('the weights are not as long as their list says');
}

const graph = new Graph();

// Keras keeps [height, width, in, out], ONNX wants [out, in, height, width].
function kernel(name) {
  const { shape: [height, width, from, to], values } = weights.get(`${name}/kernel`), turned = [];
  for (let o = 0; o < to; ++o) for (let i = 0; i < from; ++i) for (let at = 0; at < height * width; ++at) turned.push(values[(at * from + i) * to + o]);
  return { sides: [height, width], constant: graph.constant(`${name}.kernel`, [to, from, height, width], turned) };
}
function convolution(name, inputs, { strides, dilation_rate: dilation, activation, padding }) {
  const { sides, constant } = kernel(name), plain = [strides, dilation].flat().every((n) => n === 1);
  if (!plain || activation !== 'linear' || (padding !== 'same' && sides.some((n) => n !== 1))) throw new Error(`layer ${name} is not known`);
  const { shape, values } = weights.get(`${name}/bias`), half = sides.map((n) => n >> 1);
  graph.node('Conv', [...inputs, constant, graph.constant(`${name}.bias`, shape, values)], name, { kernel_shape: sides, pads: [...half, ...half] });
}
const known = {
  InputLayer: () => {},
  Conv2D: convolution,
  Activation: (name, inputs, { activation }) => graph.node({ relu: 'Relu' }[activation], inputs, name),
  Add: (name, inputs) => graph.node('Add', inputs, name),
  Concatenate: (name, inputs) => graph.node('Concat', inputs, name, { axis: 1 }),
  UpSampling2D: (name, inputs, { size, interpolation }) =>
    graph.node('Resize', [...inputs, '', graph.constant(`${name}.scales`, [4], [1, 1, ...size])], name,
      { mode: interpolation, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }),
};

// The layers stand in an order in which each comes behind its inputs.
for (const { name, class_name: type, config, inbound_nodes: from } of layers) {
  if (!known[type]) throw new Error(`layers of type ${type} are not known`);
  known[type](name, (from[0] ?? []).map(([inputName]) => inputName), config);
}
const free = (height, width) => [1, 3, height, width];
writeFileSync(out, graph.file({ name: input, dims: free('height', 'width') }, { name: output, dims: free('height_out', 'width_out') }));
