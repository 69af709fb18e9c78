#!/bin/sh
# Compares what two machines have built of one tag, dist/build-1 and dist/build-2, and leaves one of them as dist/release. It compiles nothing.
# What differs was not built from the commit alone.
set -eu
cd "$(dirname "$0")/../dist"

diff -r build-1 build-2
(cd build-1 && sha256sum --check --strict --quiet ./*_SHA256SUMS)
mv build-1 release
