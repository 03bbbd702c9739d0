// A real photo with one face, and what it takes to find it: the models that cmake/models/fetch brings.
#pragma once

#include "ai/local/faces.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/portrait/cutout.hpp"
#include "ai/local/speech.hpp"
#include "media/picture_reader.hpp"
#include "support/places.hpp"

namespace persona::ai {

struct PhotoRoom {
    FaceFinder finder;
    portraits::Segmentation segmentation;
    media::Picture astronaut;  // 512 by 512

    static const PhotoRoom& it() {
        static const PhotoRoom room = [] {
            load_onnx_runtime(ModelPaths{places::models()}.onnx_runtime());
            const media::PictureReader reader(places::programs() / "persona-picture");
            auto read = reader.read(places::data() / "photos/astronaut.jpg", {}, {});
            return PhotoRoom{FaceFinder(places::models()), portraits::Segmentation(places::models()), std::move(read.value().picture)};
        }();
        return room;
    }
    static const portraits::Cutout& cutout() {
        static const portraits::Cutout one = portraits::cut(it().astronaut, it().finder.find(it().astronaut).at(0), it().segmentation).value();
        return one;
    }
};

// Two pictures of one height side by side.
inline media::Picture beside(const media::Picture& left, const media::Picture& right) {
    media::Picture both{left.width + right.width, left.height, {}};
    for (int y = 0; y < left.height; ++y)
        for (const media::Picture* one : {&left, &right}) {
            const auto row = one->rgb.begin() + static_cast<std::ptrdiff_t>(y) * one->width * 3;
            both.rgb.insert(both.rgb.end(), row, row + one->width * 3);
        }
    return both;
}

inline media::Picture plain(int width, int height, std::uint8_t grey) {
    return {width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, grey)};
}

}  // namespace persona::ai
