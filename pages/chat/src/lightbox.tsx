// A photo of the chat over the whole page, and its neighbours by the arrows.
import { Dialog } from './dialog';
import { Icon } from './icons';
import { t } from './texts';

const shownPhotos = () => [...document.querySelectorAll<HTMLImageElement>('.conversation .picture img')].map((image) => image.getAttribute('src')!);

export function Lightbox({ url, onShow, onClose }: { url: string; onShow: (url: string) => void; onClose: () => void }) {
  const photos = shownPhotos();
  const at = photos.indexOf(url);
  const step = (by: number) => photos[at + by] && onShow(photos[at + by]!);
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  };
  return (
    <Dialog label={t('photo')} kind="lightbox" onClose={onClose} testid="lightbox">
      <div class="stage" onKeyDown={key}>
        <img src={url} alt={t('photo')} onClick={onClose} key={url} />
        {at > 0 && (
          <button class="tool before" aria-label={t('previous')} onClick={() => step(-1)}>
            <Icon name="back" />
          </button>
        )}
        {at >= 0 && at < photos.length - 1 && (
          <button class="tool after" aria-label={t('next')} onClick={() => step(1)}>
            <Icon name="back" />
          </button>
        )}
        <button class="tool" aria-label={t('close')} onClick={onClose} autoFocus>
          <Icon name="close" />
        </button>
      </div>
    </Dialog>
  );
}
