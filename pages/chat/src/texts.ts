// Every word of the page, in Russian and English; the browser's language decides.

const catalogue = {
  newUser: ['Новый собеседник', 'New person'],
  newUserName: ['Имя', 'First name'],
  newGroup: ['Новая группа', 'New group'],
  groupTitle: ['Название группы', 'Group title'],
  create: ['Создать', 'Create'],
  cancel: ['Отмена', 'Cancel'],
  send: ['Отправить', 'Send'],
  message: ['Сообщение', 'Message'],
  people: ['Кто пишет боту', 'Who writes to the bot'],
  speaksRussian: ['по-русски', 'Russian'],
  speaksEnglish: ['по-английски', 'English'],
  noBot: ['Бот ещё не подключился к этому серверу', 'No bot has connected to this server yet'],
  noBotHint: ['Запустите его с TELEGRAM_API_URL этого адреса', 'Start it with this address as its TELEGRAM_API_URL'],
  away: ['Сервер не отвечает. Пробую снова…', 'The server does not answer. Trying again…'],
  empty: ['Здесь пока пусто. Напишите боту или нажмите «Начать».', 'Nothing here yet. Write to the bot or press Start.'],
  start: ['Начать', 'Start'],
  bot: ['бот', 'bot'],
  group: ['группа', 'group'],
  edited: ['изменено', 'edited'],
  attach: ['Прикрепить', 'Attach'],
  file: ['Фото или файл', 'Photo or file'],
  contact: ['Мой контакт', 'My contact'],
  location: ['Геопозиция', 'Location'],
  sticker: ['Стикер 👍', 'Sticker 👍'],
  dropHere: ['Отпустите файлы, чтобы отправить', 'Drop files to send them'],
  asFiles: ['Отправить как файлы', 'Send as files'],
  caption: ['Подпись', 'Caption'],
  record: ['Записать голосовое', 'Record a voice message'],
  noMicrophone: ['Микрофон недоступен. Можно отправить запись файлом.', 'There is no microphone here. You can send a recording as a file.'],
  chooseFile: ['Выбрать файл', 'Choose a file'],
  commands: ['Команды', 'Commands'],
  keyboard: ['Клавиатура бота', "The bot's keyboard"],
  block: ['Заблокировать бота', 'Block the bot'],
  unblock: ['Разблокировать', 'Unblock'],
  blocked: ['Вы заблокировали бота', 'You blocked the bot'],
  reply: ['Ответить', 'Reply'],
  edit: ['Изменить', 'Edit'],
  editing: ['Правка сообщения', 'Editing'],
  pay: ['Оплатить', 'Pay'],
  paid: ['Оплачено', 'Paid'],
  refunded: ['Возвращено', 'Refunded'],
  today: ['Сегодня', 'Today'],
  yesterday: ['Вчера', 'Yesterday'],
  photo: ['Фото', 'Photo'],
  voice: ['Голосовое сообщение', 'Voice message'],
  video: ['Видео', 'Video'],
  audio: ['Аудио', 'Audio'],
  forwarded: ['Пересланное сообщение', 'Forwarded message'],
  thinking: ['думает…', 'thinking…'],
  download: ['Скачать', 'Download'],
  close: ['Закрыть', 'Close'],
  notSent: ['Не отправлено', 'Not sent'],
  copied: ['Скопировано', 'Copied'],
  typing: ['печатает…', 'typing…'],
  upload_photo: ['отправляет фото…', 'sending a photo…'],
  upload_document: ['отправляет файл…', 'sending a file…'],
  upload_voice: ['отправляет голосовое…', 'sending a voice message…'],
  upload_video: ['отправляет видео…', 'sending a video…'],
  record_voice: ['записывает голосовое…', 'recording a voice message…'],
  record_video: ['записывает видео…', 'recording a video…'],
} as const;

export type TextKey = keyof typeof catalogue;

export const russian = navigator.language.startsWith('ru');
document.documentElement.lang = russian ? 'ru' : 'en';

export function t(key: TextKey): string {
  return catalogue[key][russian ? 0 : 1];
}

export function actionText(action: string): string {
  return action in catalogue ? t(action as TextKey) : t('typing');
}
