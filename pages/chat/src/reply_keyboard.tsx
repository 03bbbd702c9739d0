// The bot's keyboard below the line. What its buttons say is said; some share a contact or a place.
import { say, somewhere } from './say';
import { useStore } from './store';
import { t } from './texts';
import type { ReplyButton } from './types';

function press(button: ReplyButton) {
  if (button.request_contact) return void say({ contact: true });
  if (button.request_location) return void say({ location: somewhere });
  if (button.web_app) return void window.open(button.web_app.url, '_blank');
  return void say({ text: button.text });
}

export function ReplyKeyboard() {
  const { keyboard, keyboardOpen } = useStore().chat();
  if (!keyboard || !keyboardOpen) return null;
  return (
    <div class={`reply-keyboard ${keyboard.resize_keyboard ? '' : 'tall'}`} data-testid="reply-keyboard" role="group" aria-label={t('keyboard')}>
      {keyboard.keyboard.map((row) => (
        <div class="row">
          {row.map((button) => (
            <button onClick={() => press(button)}>{button.text}</button>
          ))}
        </div>
      ))}
    </div>
  );
}
