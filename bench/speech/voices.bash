# Real voices that Debian packages (and one of nodejs-whisper's), in the cache; what is made of them is made once. To be sourced.
# Gives: said_in VARIANT (FILE=WORDS a line), prompts LANGUAGE, russian_reading, reading SECONDS.

voices=${PERSONA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/persona}/voices
made=$voices/made
testdata=$voices/pocketsphinx-testdata/usr/share/pocketsphinx/test/data
mkdir -p "$made"

of_debian() { # PACKAGE...
    local package
    for package in "$@"; do
        [ -d "$voices/$package" ] && continue
        (cd "$voices" && apt-get download -qq "$package" && dpkg -x "$package"_*.deb "$package.part" && mv "$package.part" "$package" && rm "$package"_*.deb)
    done
}

of_npm() { # the one recording of nodejs-whisper
    local member=package/cpp/whisper.cpp/bindings/go/samples/jfk.wav folder
    [ -e "$voices/jfk.wav" ] && return
    folder=$(mktemp -d)
    (cd "$folder" && npm pack --silent --ignore-scripts nodejs-whisper@0.3.1 >/dev/null && tar -xzf ./*.tgz "$member")
    mv "$folder/$member" "$voices/jfk.wav"
    rm -rf "$folder"
}

convert() { ffmpeg -nostdin -loglevel error -y "$@"; }

# make FILE ARGUMENTS...: FILE by ffmpeg, unless it is there.
make() {
    local file=$1
    [ -e "$file" ] && return
    mkdir -p "$(dirname "$file")"
    convert "${@:2}" "$(dirname "$file")/part.$(basename "$file")"
    mv "$(dirname "$file")/part.$(basename "$file")" "$file"
}

# "<s> words </s> (name)" and "words (folder/name)" become NAME.wav and the words.
transcribed() { sed -E -e 's/<\/?s>//g' -e 's/^[[:space:]]*(.*[^[:space:]])[[:space:]]*\((.*\/)?([^)]*)\)[[:space:]]*$/\3.wav\t\1/' "$2" | awk -F'\t' -v folder="$1" 'NF == 2 {print folder "/" $1 "\t" $2}'; }

# English with the words that were said, 118 of them: FILE, tab, WORDS.
english() {
    make "$made/goforward.wav" -f s16le -ar 16000 -ac 1 -i "$testdata/goforward.raw"
    transcribed "$testdata/librivox" "$testdata/librivox/transcription"
    transcribed "$testdata/cards" "$testdata/cards/cards.transcription"
    printf '%s\t%s\n' "$made/goforward.wav" "go forward ten meters" \
        "$voices/jfk.wav" "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
}

# clean, opus (16 kb/s, as a voice message), noise (white)
said_in() {
    local file words out
    while IFS=$'\t' read -r file words; do
        out=$file
        case $1 in
            opus) out=$made/opus/$(basename "$file" .wav).ogg && make "$out" -i "$file" -c:a libopus -b:a 16k ;;
            noise) out=$made/noise/$(basename "$file") && make "$out" -i "$file" -filter_complex \
                "anoisesrc=color=white:amplitude=0.03:seed=1:r=16000[n];[0][n]amix=inputs=2:duration=first:normalize=0" -ar 16000 ;;
        esac
        printf '%s=%s\n' "$out" "$words"
    done < <(english)
}

# 25 telephone prompts of over four seconds, spread over all of them but silences and monkeys.
prompts() { # en, ru, es, fr, it
    find "$voices/asterisk-core-sounds-$1-wav" -name '*.wav' -size +64k -not -path '*/silence/*' -not -name 'tt-monkeys*' | sort | awk '{all[NR] = $0} END {for (i = 0; i < 25; ++i) print all[1 + int(i * NR / 25)]}'
}

russian_reading() { find "$voices/festvox-ru/usr/share/festival/voices/russian/msu_ru_nsh_clunits/wav" -name '*.wav' | sort | awk 'NR % 15 == 0'; }

# All of the English, one after the other and again, for so long, as a voice message is coded.
reading() {
    local file files=() filters="" n=0
    while IFS=$'\t' read -r file _; do
        files+=(-i "$file")
        filters+="[$n]aresample=16000,aformat=sample_fmts=s16:channel_layouts=mono[a$n];"
        n=$((n + 1))
    done < <(english)
    make "$made/reading.wav" "${files[@]}" -filter_complex "$filters$(for ((i = 0; i < n; ++i)); do printf '[a%d]' "$i"; done)concat=n=$n:v=0:a=1"
    make "$made/reading_$1.ogg" -stream_loop -1 -i "$made/reading.wav" -t "$1" -c:a libopus -b:a 16k
    echo "$made/reading_$1.ogg"
}

of_debian pocketsphinx-testdata festvox-ru asterisk-core-sounds-{en,ru,es,fr,it}-wav
of_npm
