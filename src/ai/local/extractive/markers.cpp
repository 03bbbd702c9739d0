#include "ai/local/extractive/markers.hpp"

#include <initializer_list>

namespace persona::ai::extractive {
namespace {

std::vector<Phrase> list(std::initializer_list<std::string_view> patterns) { return {patterns.begin(), patterns.end()}; }

// NOLINTNEXTLINE(readability-function-size): a table
Markers russian() {
    return {
        .decision = list({"решили",
                          "решено",
                          "решаем",
                          "решила|решил группа|комиссия|совет",
                          "принято|приняли|принимаем|примем решение",
                          "решение принято|такое|следующее",
                          "договорились",
                          "договорено",
                          "условились",
                          "постановили",
                          "постановляем",
                          "утвердили",
                          "утверждаем",
                          "утвержден|утверждена|утверждено|утверждены",
                          "согласовали",
                          "согласовано",
                          "одобрили",
                          "одобрено",
                          "одобряем",
                          "остановились|останавливаемся на",
                          "выбрали",
                          "выбираем",
                          "единогласно",
                          "проголосовали",
                          "решение <infinitive>",
                          "значит|итак|тогда делаем|берем|выбираем|запускаем|переносим|отменяем|оставляем",
                          "принимается"}),
        .undecided = list({"не решили", "не решено", "не договорились", "не утвердили", "не согласовали", "не принято|приняли",
                           "нужно|надо|необходимо|предстоит|пора|давайте <any>? решить|договориться|утвердить|согласовать|выбрать",
                           "решение не|отложили|отложим|отложено|нужно|зависит",
                           "кто|что|когда|как|почему|зачем|раньше|давно мы? решили|договорились|утвердили", "примем|принять решение",
                           "у? них|нас|него|нее|маркетинга <any>? <any>? договоренности", "решение проблемы|вопроса|задачи"}),
        .task = list({"нужно|надо|необходимо|следует|требуется|стоит|осталось <any>? <any>? <infinitive>",
                      "должен|должна|должны|должно <any>? <any>? <infinitive>", "поручить", "поручаю", "поручаем", "поручается", "поручено",
                      "прошу <any>? <infinitive>", "задача|задание <any>? <infinitive>", "обязан|обязана|обязаны <infinitive>",
                      "пожалуйста <imperative>", "<imperative> пожалуйста", "<imperative> <any> пожалуйста",
                      "возьмите|возьми это|эту|этот <any>? на себя", "ответственный|ответственная за"}),
        .task_of_name =
            list({"<future>", "<any> <future>", "<imperative>", "<any> <imperative>", "<any> <any> <imperative>", "нужно|надо|необходимо|следует",
                  "должен|должна|прошу|ваша|твоя|за", "возьмите|возьми|возьмет|возьмется", "отвечает", "на тебе|вас|вами|тобой",
                  "сможете|сможешь|можете|можешь|успеете|успеешь|возьметесь|возьмешься|возьмешь|возьмете", "<infinitive>"}),
        .task_before_name = list({"ответственный|ответственная|ответственные|исполнитель|отвечает за? это|него|нее?",
                                  "поручить|поручаю|поручаем|поручено|поручается|поручим", "задача|задание для|на", "прошу",
                                  "возьмет|сделает|займется|займутся", "пусть", "на"}),
        .plea = list({"<imperative>", "прошу", "пожалуйста <imperative>", "возьмите|возьми"}),
        .task_of_speaker = list({"<promise>", "возьму на себя", "беру на себя", "беру это", "я <any>? отвечаю", "я <any>? займусь"}),
        .task_with_due = list({"<infinitive>", "<future>", "<imperative>", "запустим", "подготовим", "отправим", "сделаем", "проверим", "закончим",
                               "проведем", "составим", "напишем", "соберем", "опубликуем", "выпустим", "согласуем", "запланировали", "срок|дедлайн"}),
        .no_task = list(
            {"нужно|надо|необходимо|следует|стоит|хочу <any>? "
             "понимать|понять|сказать|признать|отметить|помнить|учитывать|заметить|иметь|зафиксировать|подчеркнуть|быть|жить|думать|бояться|начать",
             "надо|нужно|необходимо|следовало было|бы", "не надо|нужно|стоит|следует|обязательно <any>? <infinitive>?", "нечего|незачем|некому",
             "должно|должны|должен|должна быть|было|был|была|хватить|работать", "ничего не", "если <any>? <any>? <future>", "понадобятся|понадобится",
             "надо|нужно думать|смотреть", "узнает|найдет себя|время", "хочу|хотел|хотела|могу|можно|собираюсь <infinitive>",
             "расскажите|расскажи|расскажете"}),
        .request = list({"можете|можешь|сможете|сможешь <any>? <infinitive>", "возьметесь|возьмешься|возьмете|возьмешь", "<imperative>",
                         "успеете|успеешь <infinitive>"}),
        .question = list({"открытый|открытым вопрос", "вопрос <any>? <any>? <any>? <any>? открыт|открытый|открытым|остается|остался",
                          "остается|остается|остался вопрос",
                          "пока|еще не|непонятно|неясно|неизвестно ясно|понятно|решили|известно|определились|решено|договорились", "непонятно",
                          "неясно", "под вопросом", "вернемся", "вернуться к", "отложили|отложим|откладываем", "не определились",
                          "не решили|решено|договорились", "надо|нужно|предстоит <any>? решить|определиться|выяснить"}),
        .unknown_answer = list({"не знаю|знаем|знает", "пока не|неизвестно|непонятно", "непонятно", "неизвестно", "неясно",
                                "надо|нужно смотреть|посмотреть|узнать|уточнить|подумать|проверить|выяснить", "сложно|трудно сказать",
                                "не уверен|уверена", "уточню", "узнаю", "хороший вопрос", "открыт"}),
        .acceptance = list({"да", "хорошо", "ок", "окей", "ладно", "принято", "договорились", "конечно", "сделаю", "понял", "поняла", "есть", "угу",
                            "беру", "успею", "согласен", "согласна"}),
        .agenda = list({"повестк*", "на повестке", "у нас|сегодня <any>? <any>? вопроса|вопросов|вопрос|темы|пункта|пунктов",
                        "<day> вопрос|вопросу|пункт|пункту|тема|теме",
                        "первый|первая|второй|вторая|третий|третья|третья|четвертый|пятый|следующий|следующая|последний|последняя вопрос|пункт|тема",
                        "переходим|перейдем к|ко", "обсудим|обсуждаем|рассмотрим|рассматриваем", "начнем с", "следующий|последний вопрос|пункт",
                        "давайте обсудим|рассмотрим|поговорим", "сегодня обсуждаем|обсудим|говорим"}),
        .decision_list = list({"решили", "решения", "решение", "постановили", "договорились", "принятые решения", "утвердили", "итоги"}),
        .task_list = list({"задачи", "поручения", "план", "нужно|надо <any>?", "необходимо", "следующие шаги", "что делать"}),
        .date = list({"следующая|следующее|следующий|очередная|очередное встреча|совещание|созвон|заседание|собрание", "срок|сроки|дедлайн",
                      "запуск|релиз|открытие|переезд назначен|запланирован|состоится|намечен", "встречаемся|встретимся|собираемся|созваниваемся"}),
        .pronoun = list({"это", "этим", "этот", "эту", "все", "тоже"}),
        .weighty = list({"главн*", "итак|итого", "в итоге|целом", "подводя|подведем итог|итоги", "важно|важный|важная|важное", "причин*", "риск*",
                         "проблема|проблему|проблемы", "предлагаю", "экономия", "рост|выросла|вырос|выросли|снизился|снизилась|упал|упала"}),
        .leaning = list({"это|этот|эта", "они|он|она|оно|их|его|ее|им", "поэтому|потому", "и|а|но|или|да|нет", "тогда|там|потом|тут",
                         "также|тоже|еще", "такой|такая|такие|так"}),
    };
}

Markers english() {
    return {
        .decision = list({"we|i|team|group|board|committee have? decided|agreed|resolved|approved", "we've|they've decided|agreed|resolved|approved",
                          "it was|is|has been? decided|agreed|resolved|approved", "we also|all|just|finally|have|then decided|agreed|approve",
                          "decision is|was|made", "let's|we'll|we|will|i'll go with", "approved", "settled on", "we settle on",
                          "agreed|resolved that|to|on|not", "we agree that|to|on", "we|i are|am going with",
                          "it's|is decided|agreed|settled|approved", "unanimously", "motion passed|carried|passes|carries", "so we are going to"}),
        .undecided = list({"not decided|agreed|approved|settled", "haven't|hasn't|didn't|never decided|agreed|approved|settled",
                           "need|needs|have|has|want to decide|agree|approve", "have|has not|yet to? been? decided|agreed", "no decision",
                           "who|what|when|how|why|has|have|did <any>? we|they|you decide|decided|agree|agreed",
                           "can|could|should|shall|will we|you agree|decide|approve", "before it is|was approved", "to be decided", "has to approve",
                           "if|once|until <any>? <any>? <any>? approved|decided|agreed", "decision pending|maker|makers|depends"}),
        .task = list({"action item|items|point", "todo", "to-do", "please <act>", "need|needs|have|has to <act>", "must <act>",
                      "is|are responsible for", "is|are to <act>", "your|his|her|my task|job is", "make sure", "don't forget to", "remember to",
                      "take|takes|taking care of", "task is", "assign|assigned to", "someone|somebody should|must|needs|has"}),
        .task_of_name = list({"will <any>? <act>", "'ll <act>", "to <act>", "needs|need|has|have to", "should <any>? <act>", "must", "shall",
                              "please", "can|could you", "is going to", "is|are responsible", "takes|owns|handles",
                              "you <any>? <any>? should|need|will|have|must", "and <any> please|will|should|need|must"}),
        .task_before_name = list({"assign|assigned|assigning it|this|that? to?", "responsible|owner|owners is|are|person?", "action|task|item for|on",
                                  "handled|done|owned|prepared by", "up to"}),
        .plea = list({"please <act>"}),
        .task_of_speaker = list({"i'll <act>", "i will <act>", "i am|i'm going to <act>", "let me <act>", "i'll|i take|own|handle|do|get|pay",
                                 "i take this|that|it", "i'm on it"}),
        .task_with_due = list({"we'll <act>", "should <act>", "will <act>", "let's <act>", "going to <act>", "deadline", "due", "plan to <act>"}),
        .no_task = list(
            {"need|needs|have|has|want to understand|remember|know|keep|admit|say|be|think|have|see|worry", "we'll|i'll|you'll|will see|be|find|let",
             "don't|doesn't|not need|have|needs to?", "would rather", "i'll|we'll start|begin|open|share|hand|pass|stop",
             "let me start|begin|say|explain|share|show|add|ask|finish|think|see", "let's get|start|begin|move|see|wait|talk|hope|go",
             "if <any>? <any>? will|need|should", "should be|have", "had to|better", "i can say|see|tell|hear|only|imagine|understand",
             "will take|cost|be|have|never", "used to", "has to do with", "i'd like to",
             "can|could|would|will you <any>? begin|start|tell|explain|repeat|hear|see|introduce|remind|elaborate|clarify|walk|summarise|summarize"}),
        .request = list({"can|could|would|will you <any>? <act>", "can|could|would|will <any> <act>", "would you mind"}),
        .question =
            list({"open question", "still unclear|open|undecided", "is|are|remains|it's unclear|undecided|open", "to be decided|determined|confirmed",
                  "tbd", "tbc", "parking lot", "not sure|decided|clear yet|if|whether|who|when|how|what",
                  "don't|doesn't know yet|how|what|who|when|if|whether", "no decision", "need|have to decide|figure|clarify|find",
                  "haven't|hasn't decided|agreed", "come|get back to this|that|it|later", "let's postpone|park"}),
        .unknown_answer = list({"don't|doesn't know", "not sure|clear|yet", "unclear", "no idea", "have|need|let's to? check|find|ask|see",
                                "i'll|will|let ask|check|find|me", "good question", "hard to say", "depends", "still open"}),
        .acceptance = list({"yes", "ok", "okay", "sure", "will do", "yep", "yeah", "of course", "agreed", "fine", "right", "got it", "no problem",
                            "i'm on it", "all right", "certainly", "absolutely", "happy to"}),
        .agenda = list({"agenda", "items on", "next the|is|comes", "first|next|last|second|third|final item|topic|point|question|subject|thing",
                        "move|moving on to", "let's|we'll|will discuss|talk|review|cover|go|start", "turn|turning to", "today we",
                        "<count> topics|items|points|questions", "purpose of", "here to discuss"}),
        .decision_list = list({"decisions", "we? decided|agreed|resolved", "decision", "key decisions", "outcomes"}),
        .task_list = list({"tasks", "actions", "action items|points", "todo", "to-do", "next steps"}),
        .date = list({"next meeting|call|session|sync|review|standup", "deadline", "due date", "release|launch|move is|are scheduled|planned",
                      "we meet|meet again|reconvene"}),
        .pronoun = list({"this", "that", "it", "them", "out"}),
        .weighty = list({"sum up", "in summary|conclusion|short", "main|key|biggest|major", "important|critical|crucial",
                         "reason|risk|blocker|problem|issue", "conclusion", "grew|increased|dropped|fell|rose", "propose|suggest|recommend"}),
        .leaning = list({"they|he|she|it|this|that|these|those", "so|and|but|or|then|until|also|too", "there|here", "yes|no|yeah|well|okay|ok|right",
                         "because|which|such"}),
    };
}

}  // namespace

const Markers& markers(Language language) {
    static const Markers ru = russian();
    static const Markers en = english();
    return language == Language::ru ? ru : en;
}

}  // namespace persona::ai::extractive
