#include "ai/local/onnx.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <mutex>

#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::uint32_t api_version = 20;  // every call we make exists since 1.20; newer libraries keep serving it

std::once_flag loaded;

void open_library(const std::filesystem::path& library) {
    // Never closed: it starts threads and keeps state of its own.
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) throw BadConfig(fmt::format("ONNX Runtime cannot be opened: {}", dlerror()));
    const auto base = reinterpret_cast<const OrtApiBase* (*)()>(dlsym(handle, "OrtGetApiBase"));
    const OrtApi* api = base ? base()->GetApi(api_version) : nullptr;
    if (!api) throw BadConfig(fmt::format("{} is no ONNX Runtime of version 1.{} or later", library.string(), api_version));
    Ort::InitApi(api);
}

Ort::Env& environment() {
    static auto* instance = new Ort::Env(ORT_LOGGING_LEVEL_ERROR, "persona");  // outlives every session, at exit too
    return *instance;
}

Ort::Session open_session(const std::filesystem::path& file, int threads) try {
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(threads);
    options.SetInterOpNumThreads(1);
    options.AddConfigEntry("session.intra_op.allow_spinning", "0");  // a waiting thread gives its core to the bot
    return Ort::Session(environment(), file.c_str(), options);
} catch (const Ort::Exception& error) { throw Corrupt(fmt::format("model {}: {}", file.string(), error.what())); }

std::vector<const char*> pointers(const std::vector<std::string>& names) {
    std::vector<const char*> result;
    for (const std::string& name : names) result.push_back(name.c_str());
    return result;
}

}  // namespace

void load_onnx_runtime(const std::filesystem::path& library) { std::call_once(loaded, open_library, library); }

OnnxModel::OnnxModel(const std::filesystem::path& file, int threads) : session_(open_session(file, threads)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < session_.GetInputCount(); ++i) inputs_.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
    for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    input_names_ = pointers(inputs_);
    output_names_ = pointers(outputs_);
}

std::vector<std::int64_t> OnnxModel::input_shape(std::size_t index) const {
    const Ort::TypeInfo type = session_.GetInputTypeInfo(index);
    return type.GetTensorTypeAndShapeInfo().GetShape();
}

std::vector<Ort::Value> OnnxModel::run(std::span<const Ort::Value* const> values) const try {
    std::vector<const OrtValue*> raw;
    for (const Ort::Value* value : values) raw.push_back(*value);
    std::vector<OrtValue*> results(outputs_.size(), nullptr);
    Ort::ThrowOnError(Ort::GetApi().Run(session_, nullptr, input_names_.data(), raw.data(), raw.size(), output_names_.data(), output_names_.size(),
                                        results.data()));
    std::vector<Ort::Value> owned;
    for (OrtValue* result : results) owned.emplace_back(result);
    return owned;
} catch (const Ort::Exception& error) { throw Unavailable(fmt::format("model run: {}", error.what())); }

}  // namespace persona::ai
