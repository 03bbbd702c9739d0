// ONNX Runtime, opened at run time: a build needs its headers only, and one binary works with any library from version 1.20 on.
// Include this header instead of ONNX Runtime's own, and in .cpp files alone: it is large.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <filesystem>
#include <ranges>
#include <span>
#include <string>
#include <vector>

namespace persona::ai {

// Opens the library once for the process, whichever thread comes first; later calls must name the same file. Throws BadConfig.
void load_onnx_runtime(const std::filesystem::path& library);

// A model and the names of its inputs and outputs. run is safe from several threads at once. Throws Corrupt where the file is no model
// of ours, Unavailable where running it fails (memory).
class OnnxModel {
public:
    // threads: inside one operator. One is right for short sequences: run two models rather than two threads.
    explicit OnnxModel(const std::filesystem::path& file, int threads = 1);

    const std::vector<std::string>& inputs() const { return inputs_; }
    const std::vector<std::string>& outputs() const { return outputs_; }
    // -1 for a dimension that is free.
    std::vector<std::int64_t> input_shape(std::size_t index) const;

    // One value an input, in the model's order; returns one an output. The values' memory must live until it returns.
    std::vector<Ort::Value> run(std::span<const Ort::Value* const> values) const;

private:
    mutable Ort::Session session_;
    std::vector<std::string> inputs_, outputs_;
    std::vector<const char*> input_names_, output_names_;
};

// A tensor over memory of the caller's, which must outlive it and stays unchanged where the tensor is an input.
template <std::ranges::contiguous_range Data>
Ort::Value tensor_over(Data&& range, std::initializer_list<std::int64_t> shape) {
    static const Ort::MemoryInfo memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const std::span data(range);
    using T = std::remove_const_t<typename decltype(data)::element_type>;
    return Ort::Value::CreateTensor<T>(memory, const_cast<T*>(data.data()), data.size(), shape.begin(), shape.size());
}

}  // namespace persona::ai
