#!/usr/bin/env bash
# What describes AWS beside Slipway, in a folder of its own outside of the project: cfn-lint with CloudFormation's schemas
# and botocore with the calls of each service (PyPI), and an evaluator of IAM policies (npm; AGPL, so it is a tool here and no
# dependency). Prints the folder. Exit code 3: something is missing, and it has said what.
set -euo pipefail
folder="${XDG_CACHE_HOME:-$HOME/.cache}/slipway-bed/reference"
command -v python3 >/dev/null || { echo "no python3" >&2; exit 3; }
if [ ! -x "$folder/python/bin/cfn-lint" ]; then
  python3 -m venv "$folder/python" >&2 || { echo "python3 has no venv" >&2; exit 3; }
  "$folder/python/bin/pip" install --quiet cfn-lint==1.58.0 >&2 || { echo "cfn-lint could not be installed" >&2; exit 3; }
fi
if ! "$folder/python/bin/python" -c 'import botocore' 2>/dev/null; then
  "$folder/python/bin/pip" install --quiet botocore==1.44.8 >&2 || { echo "botocore could not be installed" >&2; exit 3; }
fi
if [ ! -d "$folder/node_modules/@cloud-copilot/iam-simulate" ]; then
  echo "{\"private\": true}" >"$folder/package.json"
  npm install --silent --no-audit --no-fund --no-save --prefix "$folder" @cloud-copilot/iam-simulate@0.1.173 >&2 ||
    { echo "iam-simulate could not be installed" >&2; exit 3; }
fi
echo "$folder"
