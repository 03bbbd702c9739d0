// The last of something: enough to recognise what comes again soon, and no more memory than that.
#pragma once

#include <deque>
#include <unordered_set>

namespace persona::telegram {

template <class T>
class Recent {
public:
    explicit Recent(std::size_t most) : most_(most) {}
    void insert(const T& value) {
        if (!values_.insert(value).second) return;
        order_.push_back(value);
        if (order_.size() <= most_) return;
        values_.erase(order_.front());
        order_.pop_front();
    }
    bool contains(const T& value) const { return values_.contains(value); }

private:
    std::size_t most_;
    std::deque<T> order_;
    std::unordered_set<T> values_;
};

}  // namespace persona::telegram
