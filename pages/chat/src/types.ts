// The Bot API's objects as far as the page shows them, and the sandbox's own answers.

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

export interface Group {
  id: number;
  title: string;
  members: number[];
}

export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
  web_app?: { url: string };
  copy_text?: { text: string };
  pay?: boolean;
  style?: string;
}

export interface ReplyButton {
  text: string;
  request_contact?: boolean;
  request_location?: boolean;
  web_app?: { url: string };
}

export interface ReplyKeyboard {
  keyboard: ReplyButton[][];
  resize_keyboard?: boolean;
  one_time_keyboard?: boolean;
  is_persistent?: boolean;
  input_field_placeholder?: string;
}

export interface FileInfo {
  file_id: string;
  file_size?: number;
  file_name?: string;
  mime_type?: string;
  duration?: number;
  width?: number;
  height?: number;
  title?: string;
  performer?: string;
  emoji?: string;
}

export interface Message {
  message_id: number;
  from: User;
  chat: { id: number };
  date: number;
  edit_date?: number;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  photo?: FileInfo[];
  document?: FileInfo;
  audio?: FileInfo;
  voice?: FileInfo;
  video?: FileInfo;
  video_note?: FileInfo;
  animation?: FileInfo;
  sticker?: FileInfo;
  contact?: { phone_number: string; first_name: string };
  location?: { latitude: number; longitude: number };
  invoice?: { title: string; description: string; currency: string; total_amount: number };
  successful_payment?: { currency: string; total_amount: number };
  refunded_payment?: { currency: string; total_amount: number };
  media_group_id?: string;
  reply_to_message?: Message;
  forward_origin?: unknown;
  reply_markup?: { inline_keyboard: InlineButton[][] };
}

export interface Bot extends User {
  settings: Record<string, unknown>;
}

export interface Command {
  command: string;
  description: string;
}

export interface ServerState {
  bot: Bot | null;
  users: User[];
  groups: Group[];
  seq: number;
}

// What /sandbox/events tells.
export interface SandboxEvent {
  seq: number;
  bot: number;
  chat_id: number;
  type: 'message' | 'edit' | 'delete' | 'action' | 'draft' | 'callback_answer' | 'payment_refused' | 'keyboard' | 'chat' | 'user' | 'bot';
  by_bot: boolean;
  message?: Message;
  message_id?: number;
  keyboard?: ReplyKeyboard | null;
  force_reply?: boolean;
  draft_id?: number;
  action?: string;
  text?: string;
  entities?: Entity[];
  url?: string;
  show_alert?: boolean;
  callback_query_id?: string;
  from?: number;
  user?: User;
  group?: Group;
  blocked?: boolean;
}

// What /sandbox/traffic tells, a line at a time.
export interface TrafficLine {
  seq: number;
  kind: 'call' | 'answer' | 'update' | 'fate';
  id: string;
  at: number;
  chat_id: number;
  method: string;
  params: unknown;
  body: unknown;
  violations: string[];
  files: string[];
  status: number;
  ms: number;
  fault: string;
  fate: string;
}

export interface Fault {
  id: number;
  method: string;
  kind: string;
  count: number;
}
