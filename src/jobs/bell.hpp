// Wakes who waits for work in another coroutine or process. Rings may be lost, doubled or late: whoever listens also looks
// on its own from time to time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace persona::jobs {

class Bell {
public:
    virtual ~Bell() = default;
    // Never waits, never fails.
    virtual void ring(std::string_view name) = 0;
    // heard: called on the io thread, for rings of every process, as long as the bell lives.
    virtual void listen(std::string name, std::function<void()> heard) = 0;
};

// For one process.
class LocalBell : public Bell {
public:
    void ring(std::string_view name) override;
    void listen(std::string name, std::function<void()> heard) override;

private:
    std::map<std::string, std::vector<std::function<void()>>, std::less<>> listeners_;
};

}  // namespace persona::jobs
