// The peer: the same dialogue as an ordinary grammY bot. Sessions and dedupe in Redis, one row in PostgreSQL for each update.
import { createServer } from 'node:http';
import { Bot, Keyboard, session, webhookCallback } from 'grammy';
import { Redis } from 'ioredis';
import pg from 'pg';

const redis = new Redis(process.env.REDIS_SOCKET);
const pool = new pg.Pool({ host: process.env.PGHOST, user: 'postgres', database: 'peer', max: 16 });
const bot = new Bot(process.env.BOT_TOKEN, { client: { apiRoot: process.env.API_ROOT } });

const dayAndHalf = 36 * 3600;
const storage = {
    async read(key) {
        const text = await redis.get(`session:${key}`);
        return text ? JSON.parse(text) : undefined;
    },
    async write(key, value) { await redis.set(`session:${key}`, JSON.stringify(value)); },
    async delete(key) { await redis.del(`session:${key}`); },
};
const mainMenu = new Keyboard()
    .text('🤖 Бизнес-ассистент').text('🖼 Работа с фото').row()
    .text('👤 Личный кабинет').text('⚙️ Настройки').row()
    .text('❓ Помощь').resized();
const assistantMenu = new Keyboard()
    .text('🎤 Аудио').text('📄 Текстовый транскрипт').row()
    .text('💬 Диалог').text('🗂 История').row()
    .text('⬅️ Назад').resized();

// A repeat of an update does nothing.
bot.use(async (ctx, next) => {
    if (await redis.set(`update:${ctx.update.update_id}`, 1, 'EX', dayAndHalf, 'NX')) await next();
});
bot.use(session({ initial: () => ({ place: 'main' }), storage }));

async function enter(ctx, place, text, keyboard) {
    ctx.session.place = place;
    await pool.query({
        name: 'moved',
        text: 'INSERT INTO moves (update_id, user_id, place) VALUES ($1, $2, $3)',
        values: [ctx.update.update_id, ctx.from.id, place],
    });
    await ctx.reply(text, { reply_markup: keyboard });
}
bot.hears('🤖 Бизнес-ассистент', (ctx) => enter(ctx, 'assistant', '🤖 Бизнес-ассистент. Выберите, с чего начать.', assistantMenu));
bot.hears('⬅️ Назад', (ctx) => enter(ctx, 'main', 'Главное меню. Выберите раздел.', mainMenu));
bot.catch((error) => console.error(error.message));

await pool.query('CREATE TABLE IF NOT EXISTS moves (update_id bigint PRIMARY KEY, user_id bigint NOT NULL, place text NOT NULL, at timestamptz NOT NULL DEFAULT now())');
await bot.init();
createServer(webhookCallback(bot, 'http', { secretToken: process.env.WEBHOOK_SECRET })).listen(Number(process.env.PORT), '127.0.0.1');
