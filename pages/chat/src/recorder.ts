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
  private sound = new AudioContext();
  private analyser = this.sound.createAnalyser();
  private samples = new Float32Array(1024);

  private constructor(
    private recorder: MediaRecorder,
    private stream: MediaStream,
  ) {
    recorder.ondataavailable = (event) => this.chunks.push(event.data);
    recorder.start(250);
    this.analyser.fftSize = this.samples.length;
    this.sound.createMediaStreamSource(stream).connect(this.analyser);
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

  // How loud it is now, from 0 to 1.
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, value) => sum + value * value, 0) / this.samples.length;
    return Math.min(1, Math.sqrt(power) * 4);
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
    void this.sound.close();
  }
}
