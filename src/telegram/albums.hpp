// Photos that a person sends as one album come as single updates, each acknowledged before the next is sent. Their parts are
// kept in album_parts until the album closes: after 1.5 s of quiet, at ten parts, or at the person's next other event.
// Owned by main; one thread.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "async/task_group.hpp"
#include "postgres/pool.hpp"
#include "telegram/update.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

struct AlbumKey {
    ChatId chat;
    std::string album;  // media_group_id

    friend auto operator<=>(const AlbumKey&, const AlbumKey&) = default;
};

struct AlbumConfig {
    Millis quiet{1500};
    int most_parts = 10;        // Telegram's limit of a media group
    Millis look_again{10'000};  // albums of a process that died are found within this time
};

class Albums {
public:
    // Commits the Work of a closed album, into which it puts take(); on PS002 it was closed before. Never called twice at once for
    // one album. After an exception run() closes the album again later.
    using Close = std::function<Task<void>(AlbumKey)>;

    Albums(Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot, Close close, AlbumConfig config = {});

    // Appends the insert of one part, sealed with the system's key; belongs into the Work of the part's update. The message has an album.
    void add(postgres::Work& work, const Message& part, const Update& update) const;
    // After the commit: the quiet begins anew, or ends at the last part that an album can have.
    void added(const AlbumKey& key);
    // The person's next other event in this chat: closes what is open there and returns when that has ended.
    Task<void> close_chat(ChatId chat);

    // The parts in the order of their messages.
    Task<std::vector<Update>> parts(AlbumKey key, Deadline deadline);
    // Appends the end of an album; PS002 when it was closed before, by this process or another.
    void take(postgres::Work& work, const AlbumKey& key) const;

    // Closes albums in their time until cancelled.
    Task<void> run();

private:
    Task<void> close(AlbumKey key);
    Task<void> close_when_quiet(AlbumKey key);
    Task<void> look();

    postgres::Pool& pool_;
    vault::Vault& vault_;
    BotId bot_;
    Close on_close_;
    AlbumConfig config_;
    struct Open {
        Deadline::Steady::time_point look_at;
        int parts = 0;  // that came to this process
    };
    void look_later(const AlbumKey& key, Millis wait);

    std::map<AlbumKey, Open> open_;
    std::set<AlbumKey> closing_;
    Signal changed_;
};

}  // namespace persona::telegram
