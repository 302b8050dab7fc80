#!/usr/bin/env bash
# Packs every package under src/ into artifacts/packages. See README.md in this folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet pack nuget/packages.proj -c Release -warnaserror "$@"
