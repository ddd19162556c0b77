#!/bin/bash -eu
# Builds all fuzz targets that should never crash, as OSS-Fuzz and ClusterFuzzLite ask for it: programs,
# seed corpora and dictionaries go to $OUT. `canary` crashes on purpose and `race` is a measurement.
cd "$SRC/mondegreen"
targets="dialog devices conversation script protocol talk wav"
# The sanitizer that is asked for; cargo-fuzz knows no other names.
case "${SANITIZER:-address}" in
    address | memory | thread) sanitizer=$SANITIZER ;;
    *) sanitizer=none ;;
esac
triple=$(rustc -vV | sed -n 's/^host: //p')
for target in $targets; do
    cargo fuzz build -O --sanitizer "$sanitizer" "$target"
    cp "${CARGO_TARGET_DIR:-fuzz/target}/$triple/release/$target" "$OUT/"
    zip -q -j "$OUT/${target}_seed_corpus.zip" corpora/fuzz/"$target"/*
    if [ -f "fuzz/dictionaries/$target.dict" ]; then
        cp "fuzz/dictionaries/$target.dict" "$OUT/$target.dict"
    fi
    # Cases may be as long as a case can be from the beginning.
    if [ ! -f "fuzz/dictionaries/$target.dict" ]; then
        printf '[libfuzzer]\nlen_control = 0\n' >"$OUT/$target.options"
    fi
done
