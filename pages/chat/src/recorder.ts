// A voice message from the microphone.

export interface Recording {
  file: File;
  seconds: number;
}

// Ogg is what Telegram's own apps send; where the browser cannot write it, WebM with the same codec.
const types = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];

export class VoiceRecorder {
  private chunks: Blob[] = [];
  private started = Date.now();

  private constructor(
    private recorder: MediaRecorder,
    private stream: MediaStream,
  ) {
    recorder.ondataavailable = (event) => this.chunks.push(event.data);
    recorder.start(250);
  }

  // Rejects where there is no microphone, or it is not allowed.
  static async start(): Promise<VoiceRecorder> {
    if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === 'undefined') throw new Error('no microphone');
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    return new VoiceRecorder(new MediaRecorder(stream, mimeType ? { mimeType } : {}), stream);
  }

  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  finish(): Promise<Recording> {
    const seconds = this.seconds;
    return new Promise((resolve) => {
      this.recorder.onstop = () => {
        const type = this.recorder.mimeType.split(';')[0] || 'audio/webm';
        const extension = type === 'audio/ogg' ? 'oga' : type === 'audio/mp4' ? 'm4a' : 'webm';
        resolve({ file: new File(this.chunks, `voice.${extension}`, { type }), seconds });
        this.release();
      };
      this.recorder.stop();
    });
  }

  cancel() {
    this.recorder.onstop = null;
    if (this.recorder.state !== 'inactive') this.recorder.stop();
    this.release();
  }

  private release() {
    for (const track of this.stream.getTracks()) track.stop();
  }
}
