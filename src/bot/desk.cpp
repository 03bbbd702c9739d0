#include "bot/desk.hpp"

#include "base/assert.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/payments/adjust.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/promo.hpp"
#include "studio/portraits/images.hpp"
#include "studio/transcripts/library.hpp"
#include "studio/wallet/wallet.hpp"
#include "telegram/payment.hpp"

namespace persona::bot {
namespace {

telegram::Call with_keyboard(telegram::Call call, const Keyboard& keyboard) {
    if (const auto* reply = std::get_if<telegram::ReplyKeyboard>(&keyboard)) return telegram::with(std::move(call), *reply);
    if (const auto* inline_keyboard = std::get_if<telegram::InlineKeyboard>(&keyboard); inline_keyboard && !inline_keyboard->rows.empty())
        return telegram::with(std::move(call), *inline_keyboard);
    return call;
}

}  // namespace

void Desk::apply(const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) std::visit([this](const auto& e) { (*this)(e); }, effect);
}

void Desk::add(telegram::Outgoing message) {
    message.chat = recipient_.chat;
    message.stream = recipient_.stream;
    pending_.push_back(outbox_.add(work_, std::move(message), recipient_.user, recipient_.key));
}

void Desk::send(telegram::Call call) { add({.chat = {}, .call = std::move(call), .handle = {}}); }

void Desk::committed(const postgres::Committed& results) {
    outbox_.committed(std::move(pending_), results);
    if (busy_.empty()) return;
    telegram::Call call = telegram::chat_action(busy_);
    call.params["chat_id"] = recipient_.chat.value;
    outbox_.now(std::move(call));
}

void Desk::operator()(const Say& say) {
    add({.chat = {}, .call = with_keyboard(telegram::send_message(say.text, say.reply_to), say.keyboard), .handle = say.handle});
}

void Desk::operator()(const Redraw& redraw) {
    telegram::Call call = with_keyboard(telegram::edit_message_text(redraw.text), redraw.keyboard);
    if (redraw.message) call.params["message_id"] = redraw.message->value;
    add({.chat = {}, .call = std::move(call), .handle = redraw.handle, .edit = !redraw.handle.empty()});
}

void Desk::operator()(const Show& show) {
    if (show.picture.empty()) return (*this)(Say{show.caption, show.keyboard, show.reply_to, show.handle});
    add({.chat = {},
         .call = with_keyboard(telegram::send_photo(photo(show.picture), show.caption, show.reply_to), show.keyboard),
         .handle = show.handle});
}

void Desk::operator()(const Reshow& reshow) {
    if (reshow.picture.empty()) return (*this)(Redraw{reshow.caption, reshow.keyboard, reshow.handle, reshow.message});
    telegram::Call call = with_keyboard(telegram::edit_message_photo(photo(reshow.picture), reshow.caption), reshow.keyboard);
    if (reshow.message) call.params["message_id"] = reshow.message->value;
    add({.chat = {}, .call = std::move(call), .handle = reshow.handle, .edit = !reshow.handle.empty()});
}

void Desk::operator()(const Rebutton& change) {
    telegram::Call call = with_keyboard(telegram::edit_message_buttons(), change.keyboard);
    call.params["message_id"] = change.message.value;
    send(std::move(call));
}

void Desk::operator()(const Unsay& choice) { send(telegram::delete_message(choice.message)); }

telegram::Attachment Desk::photo(const std::string& picture) const {
    return {.field = "photo", .blob = picture, .file_name = "photo.jpg", .owner = recipient_.user.value};
}

// The hold comes first: a job without its money is never queued.
void Desk::operator()(const StartJob& job) {
    std::optional<OperationId> operation;
    if (job.payment) {
        operation = OperationId(job.payment->operation);
        wallet::hold(work_, recipient_.user, *operation, job.payment->price, job.payment->service);
    }
    jobs::enqueue(work_,
                  {.id = JobId(job.id),
                   .user = recipient_.user,
                   .kind = job.kind,
                   .args = job.args,
                   .operation = operation,
                   .topic = job.topic,
                   .units = job.units},
                  recipient_.key);
    touched_jobs_ = true;
}

void Desk::operator()(const CancelJob& job) {
    jobs::cancel(work_, JobId(job.id), recipient_.user);
    touched_jobs_ = true;
}

void Desk::operator()(const ChooseLanguage& choice) {
    accounts::choose_language(work_, recipient_.user, code(choice.language));
    chosen_language_ = choice.language;
}

void Desk::operator()(const ChooseRecordingLanguage& choice) {
    accounts::choose_recording_language(work_, recipient_.user, choice.language);
    chosen_recording_language_ = choice.language;
}

void Desk::operator()(const SendFile& file) {
    telegram::Attachment attachment{.field = "document", .blob = file.blob, .file_name = file.file_name, .owner = recipient_.user.value};
    send(with_keyboard(telegram::send_document(std::move(attachment), file.caption), file.keyboard));
}

void Desk::operator()(const MakeCurrent& choice) { transcripts::make_current(work_, recipient_.user, TranscriptId(choice.transcript)); }

void Desk::operator()(const Rename& change) {
    transcripts::rename(work_, recipient_.user, recipient_.key, TranscriptId(change.transcript), change.name);
}

// What was said about it goes too: answers quote.
void Desk::operator()(const EraseTranscript& choice) {
    transcripts::erase(work_, recipient_.user, TranscriptId(choice.transcript));
    assistant::forget(work_, recipient_.user);
}

void Desk::operator()(const EraseDocument& choice) { transcripts::erase_document(work_, recipient_.user, choice.document); }

void Desk::operator()(const ChooseNotices& choice) {
    accounts::choose_notices(work_, recipient_.user, choice.wanted);
    chosen_notices_ = choice.wanted;
}

// The order is there before anybody can pay its invoice.
void Desk::operator()(const SellCoins& sale) {
    payments::Order order = sale.order;
    order.user = recipient_.user;
    payments::place(work_, order, sale.minutes);
    send(telegram::send_invoice(
        {.title = sale.title, .description = sale.description, .label = sale.label, .payload = order.id.text(), .stars = order.price}));
}

void Desk::operator()(const UsePromo& use) { promo::use(work_, recipient_.user, use.code, use.use); }

void Desk::operator()(const MissPromo&) { promo::note_miss(work_, recipient_.user); }

void Desk::operator()(const AdjustCoins& decision) {
    PERSONA_ASSERT(system_);  // a flow decides for an operator only
    const auto place = payments::adjust(work_,
                                        {.user = decision.user,
                                         .amount = decision.amount,
                                         .reason = decision.reason,
                                         .key = decision.key.text(),
                                         .actor = "admin:" + std::to_string(recipient_.chat.value),
                                         .origin = "telegram"},
                                        *system_);
    PERSONA_ASSERT(place);  // the flow has looked at the reason
}

void Desk::operator()(const BeginAvatar& draft) { avatars::begin_draft(work_, recipient_.user, recipient_.key, AvatarId(draft.id)); }

void Desk::operator()(const DescribeAvatar& change) {
    avatars::describe(work_, recipient_.user, recipient_.key, AvatarId(change.id), change.name, change.gender);
}

void Desk::operator()(const RemovePhoto& choice) { avatars::remove_photo(work_, recipient_.user, choice.photo); }

void Desk::operator()(const SubmitAvatar& order) {
    avatars::submit(work_, recipient_.user, AvatarId(order.id), order.attempt, order.provider, order.least_photos);
}

void Desk::operator()(const MakeMainAvatar& choice) { avatars::make_main(work_, recipient_.user, AvatarId(choice.id)); }

void Desk::operator()(const EraseAvatar& choice) { avatars::erase(work_, recipient_.user, AvatarId(choice.id)); }

void Desk::operator()(const KeepImage& choice) { portraits::keep(work_, recipient_.user, choice.id); }

void Desk::operator()(const EraseImage& choice) { portraits::erase(work_, recipient_.user, choice.id); }

}  // namespace persona::bot
