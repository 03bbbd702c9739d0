// An ordinary grammY bot: nothing in it knows of the sandbox but the address.
import { Bot, InlineKeyboard, InputFile, InputMediaBuilder, Keyboard } from 'grammy';
import { picture, token } from '../support/sandbox.mjs';

export function makeBot(url) {
  const bot = new Bot(token, { client: { apiRoot: url } });

  bot.command('start', (ctx) =>
    ctx.reply(`Hello, <b>${ctx.from.first_name}</b>`, {
      parse_mode: 'HTML',
      reply_markup: new Keyboard().text('Menu').row().requestContact('Share my contact').resized(),
    }),
  );
  bot.command('echo', (ctx) => ctx.reply(ctx.match, { reply_parameters: { message_id: ctx.msg.message_id } }));
  bot.hears('Menu', (ctx) => ctx.reply('Choose', { reply_markup: new InlineKeyboard().text('One', 'pick:1').text('Two', 'pick:2').row().url('Site', 'https://example.org') }));
  bot.callbackQuery(/^pick:(\d)$/, async (ctx) => {
    await ctx.answerCallbackQuery({ text: `You took ${ctx.match[1]}`, show_alert: ctx.match[1] === '2' });
    await ctx.editMessageText(`Taken: ${ctx.match[1]}`);
  });
  bot.command('progress', async (ctx) => {
    await ctx.replyWithChatAction('typing');
    const message = await ctx.reply('0 %');
    for (const done of [50, 100]) await ctx.api.editMessageText(ctx.chat.id, message.message_id, `${done} %`);
    await ctx.api.deleteMessage(ctx.chat.id, message.message_id);
  });
  bot.command('photo', (ctx) => ctx.replyWithPhoto(new InputFile(picture, 'a.png'), { caption: '<i>one</i>', parse_mode: 'HTML' }));
  bot.command('album', (ctx) => ctx.replyWithMediaGroup(['first', 'second'].map((caption) => InputMediaBuilder.photo(new InputFile(picture, 'a.png'), { caption }))));
  bot.command('document', (ctx) => ctx.replyWithDocument(new InputFile(Buffer.from('Протокол'), 'протокол.txt'), { caption: 'file' }));
  bot.command('invoice', (ctx) => ctx.replyWithInvoice('100 coins', 'For your account', 'order-1', 'XTR', [{ label: '100 coins', amount: 80 }]));
  bot.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true));
  bot.on('message:successful_payment', (ctx) => ctx.reply(`Paid ${ctx.msg.successful_payment.total_amount} for ${ctx.msg.successful_payment.invoice_payload}`));
  bot.on(['message:voice', 'message:document'], async (ctx) => {
    const file = await ctx.getFile();
    const answer = await fetch(`${url}/file/bot${token}/${file.file_path}`);
    await ctx.reply(`${ctx.msg.voice ? 'voice' : ctx.msg.document.file_name}: ${await answer.text()}`);
  });
  bot.on('message:photo', (ctx) => ctx.reply(`photo ${ctx.msg.photo.at(-1).width}x${ctx.msg.photo.at(-1).height} ${ctx.msg.media_group_id ? 'of an album' : 'alone'}`));
  bot.on('message:contact', (ctx) => ctx.reply(ctx.msg.contact.user_id === ctx.from.id ? 'verified' : 'not yours'));
  bot.on('edited_message:text', (ctx) => ctx.reply(`now: ${ctx.msg.text}`));
  bot.on('message:text', (ctx) => ctx.reply(`said ${ctx.msg.text}`));
  bot.catch(() => {}); // errors are asserted by what the person sees
  return bot;
}

// Starts it by long poll; resolves when it polls.
export async function startPolling(bot) {
  const running = new Promise((resolve, reject) => {
    bot.start({ onStart: resolve }).catch(reject);
  });
  await running;
  return () => bot.stop();
}
