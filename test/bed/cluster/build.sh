#!/usr/bin/env bash
# Builds the parts of a Kubernetes control plane that the tests start on the machine itself (etcd, kube-apiserver and
# kubectl; on request also kube-controller-manager, kube-scheduler and kwok, which simulates nodes), and lays out the
# custom resource definitions of the operators that a deployment can use; on request also what acts on objects. Everything
# is a Go module, pinned in a go.mod in a folder beside this file, or below.
#
# Usage: test/bed/cluster/build.sh [PART...]
#        PART: etcd kube-apiserver kubectl crds (these four without a name given)
#              kube-controller-manager kube-scheduler kwok rollouts-controller jsonpath
#              cnpg-manager cert-manager-webhook prometheus-webhook cyclonus kube-score
#              kubeseal sops age-keygen, or all
#              keda, checkov: by their names alone, as neither is small. KEDA has the SDK of every cloud in it, 1.5 GB to fetch and a
#              quarter of an hour to build; Checkov is installed from PyPI, and needs python3 with venv.
# An API server alone answers every request, but objects that are deleted in the foreground go only once
# kube-controller-manager collects garbage: tests that delete or replace need that too.
# A program that is already on PATH, or that this script has built before at the same version, is not built again. One
# line is printed per part. The first build takes minutes.
#   SLIPWAY_BED   folder for the results: bin/ and crds/ (default: ~/.cache/slipway-bed)
# Exit status: 0 everything is there, 1 a build failed, 2 wrong usage, 3 Go is missing or too old.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bed=${SLIPWAY_BED:-$HOME/.cache/slipway-bed}
usual="etcd kube-apiserver kubectl crds"
more="kube-controller-manager kube-scheduler kwok rollouts-controller jsonpath \
cnpg-manager cert-manager-webhook prometheus-webhook cyclonus kube-score kubeseal sops age-keygen"
large="keda checkov"

# Custom resource definitions: folder under crds/, module, folder inside the module. Versions are the newest that the
# Go release named in the go.mod files accepts.
crd_sources="
gateway-api sigs.k8s.io/gateway-api@v1.6.3 config/crd/standard
argo-rollouts github.com/argoproj/argo-rollouts@v1.9.2 manifests/crds
prometheus-operator github.com/prometheus-operator/prometheus-operator@v0.85.0 example/prometheus-operator-crd
external-secrets github.com/external-secrets/external-secrets@v1.3.2 config/crds/bases
cert-manager github.com/cert-manager/cert-manager@v1.21.2 deploy/crds
cloudnative-pg github.com/cloudnative-pg/cloudnative-pg@v1.30.0 config/crd/bases
plugin-barman-cloud github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0 config/crd/bases
sealed-secrets github.com/bitnami-labs/sealed-secrets@v0.36.6 helm/sealed-secrets/crds
keda github.com/kedacore/keda/v2@v2.20.2 config/crd/bases
cilium github.com/cilium/cilium@v1.18.4 pkg/k8s/apis/cilium.io/client/crds/v2
"

say() { printf '%s\n' "$*"; }

need_go() {
  local wanted found
  if ! type -P go >/dev/null; then
    say "build.sh: Go is missing: the programs of a Kubernetes control plane are built from Go modules" >&2
    exit 3
  fi
  wanted=$(sed -n 's/^go \([0-9.]*\)$/\1/p' "$here/kubernetes/go.mod")
  found=$(cd / && go env GOVERSION)
  if ! (cd "$here/kubernetes" && go list -m >/dev/null 2>&1); then
    say "build.sh: Go $wanted or newer is needed, this is ${found#go}" >&2
    exit 3
  fi
}

# version MODULE_FOLDER MODULE
version() { (cd "$here/$1" && go list -m -f '{{.Version}}' "$2"); }

# program NAME FOLDER MODULE PACKAGE: builds PACKAGE in the Go module in FOLDER.
program() {
  local name=$1 folder=$2 module=$3 package=$4 number stamp flags
  if [ -x "$bed/bin/$name" ] && [ -e "$bed/bin/.$name.$(sha256sum "$here/$folder/go.mod" | cut -c1-12)" ]; then
    say "$name: up to date ($bed/bin/$name)"
    return
  fi
  if type -P "$name" >/dev/null; then say "$name: on PATH ($(type -P "$name"))"; return; fi
  need_go
  number=$(version "$folder" "$module")
  flags="-s -w"
  if [ "$folder" = kubernetes ]; then
    # Kubernetes takes its version from the linker; an unset one confuses clients that ask for it.
    local info=k8s.io/component-base/version minor=${number#v1.}
    flags+=" -X $info.gitVersion=$number -X $info.gitMajor=1 -X $info.gitMinor=${minor%%.*} -X $info.gitTreeState=clean"
  elif [ "$folder" = kwok ]; then
    flags+=" -X sigs.k8s.io/kwok/pkg/consts.Version=$number"
  fi
  mkdir -p "$bed/bin"
  if ! (cd "$here/$folder" && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags "$flags" \
    -o "$bed/bin/$name" "$package"); then
    say "$name: FAILED"
    return 1
  fi
  rm -f "$bed/bin/.$name".*
  stamp=$(sha256sum "$here/$folder/go.mod" | cut -c1-12)
  : >"$bed/bin/.$name.$stamp"
  say "$name: built ($number, $bed/bin/$name)"
}

# tool NAME PACKAGE@VERSION: a program by itself, whose own go.mod pins what it is made of.
tool() {
  local name=$1 package=$2
  local stamp=$bed/bin/.$name.${package##*@}
  if [ -x "$bed/bin/$name" ] && [ -e "$stamp" ]; then
    say "$name: up to date ($bed/bin/$name)"
    return
  fi
  if type -P "$name" >/dev/null; then say "$name: on PATH ($(type -P "$name"))"; return; fi
  need_go
  mkdir -p "$bed/bin"
  if ! (cd / && GOBIN=$bed/bin CGO_ENABLED=0 nice go install -trimpath -buildvcs=false "$package"); then
    say "$name: FAILED"
    return 1
  fi
  rm -f "$bed/bin/.$name".*
  : >"$stamp"
  say "$name: built (${package##*@}, $bed/bin/$name)"
}

crds() {
  local name module inside folder stamp work
  while read -r name module inside; do
    [ -n "$name" ] || continue
    stamp=$bed/crds/$name/.version
    if [ "$(cat "$stamp" 2>/dev/null || true)" = "$module" ]; then
      say "crds/$name: up to date (${module##*@})"
      continue
    fi
    need_go
    work=$(mktemp -d)
    folder=$(cd "$work" && go mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p') || folder=
    rmdir "$work"
    if [ -z "$folder" ] || [ ! -d "$folder/$inside" ]; then
      say "crds/$name: FAILED (no $inside in $module)"
      return 1
    fi
    rm -rf "$bed/crds/$name"
    mkdir -p "$bed/crds/$name"
    # Only definitions: beside them lie kustomization files and the like.
    grep -lE '^kind: CustomResourceDefinition' "$folder/$inside"/*.yaml | while read -r file; do
      install -m 0644 "$file" "$bed/crds/$name/"
    done
    printf '%s\n' "$module" >"$stamp"
    say "crds/$name: $(find "$bed/crds/$name" -name '*.yaml' | wc -l) definitions (${module##*@})"
  done <<<"$crd_sources"
}

# What the API server says of its own kinds, from its module.
openapi() {
  local source
  source=$(cd "$here/kubernetes" && go mod download -json k8s.io/kubernetes | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  install -m 0644 "$source/api/openapi-spec/swagger.json" "$bed/openapi.json"
}

# What kwok does with nodes and pods, from its own module: ready at once.
stages() {
  local module folder=$bed/stages
  module=$(version kwok sigs.k8s.io/kwok)
  if [ "$(cat "$folder/.version" 2>/dev/null || true)" = "$module" ]; then return; fi
  need_go
  local source
  source=$(cd "$here/kwok" && go mod download -json sigs.k8s.io/kwok | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  rm -rf "$folder"
  mkdir -p "$folder"
  local inside
  for inside in node/fast node/heartbeat-with-lease pod/fast; do
    grep -lE '^kind: Stage' "$source/kustomize/stage/$inside"/*.yaml | while read -r file; do
      install -m 0644 "$file" "$folder/"
    done
  done
  printf '%s\n' "$module" >"$folder/.version"
  say "stages: $(find "$folder" -name '*.yaml' | wc -l) of kwok ($module)"
}

# How CloudNativePG has itself asked, from its own module.
webhooks() {
  local module=github.com/cloudnative-pg/cloudnative-pg source
  source=$(cd "$here/cloudnative-pg" && go mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  install -D -m 0644 "$source/config/webhook/manifests.yaml" "$bed/webhooks/cloudnative-pg.yaml"
}

# Scores manifests; a Python program.
checkov() {
  local number=3.3.30 folder=$bed/checkov
  if [ "$(cat "$folder/.version" 2>/dev/null || true)" = "$number" ]; then say "checkov: up to date ($folder)"; return; fi
  rm -rf "$folder"
  if ! python3 -m venv "$folder" || ! "$folder/bin/pip" install --quiet --no-input "checkov==$number"; then
    say "checkov: FAILED"
    return 1
  fi
  mkdir -p "$bed/bin"
  ln -sf "$folder/bin/checkov" "$bed/bin/checkov"
  printf '%s\n' "$number" >"$folder/.version"
  say "checkov: installed ($number, $folder)"
}

wanted=${*:-$usual}
if [ "$wanted" = all ]; then wanted="$usual $more"; fi
for part in $wanted; do
  case " $usual $more $large " in
    *" $part "*) ;;
    *) say "build.sh: no part \"$part\" (there are: $usual $more $large)" >&2; exit 2 ;;
  esac
done

for part in $wanted; do
  case $part in
    crds) crds && openapi ;;
    etcd) program etcd etcd go.etcd.io/etcd/server/v3 go.etcd.io/etcd/server/v3 ;;
    kwok) program kwok kwok sigs.k8s.io/kwok sigs.k8s.io/kwok/cmd/kwok && stages ;;
    rollouts-controller)
      program rollouts-controller argo-rollouts github.com/argoproj/argo-rollouts \
        github.com/argoproj/argo-rollouts/cmd/rollouts-controller ;;
    jsonpath) program jsonpath jsonpath github.com/theory/jsonpath . ;;
    cnpg-manager)
      program cnpg-manager cloudnative-pg github.com/cloudnative-pg/cloudnative-pg \
        github.com/cloudnative-pg/cloudnative-pg/cmd/manager && webhooks ;;
    cert-manager-webhook) program cert-manager-webhook cert-manager github.com/cert-manager/cert-manager . ;;
    prometheus-webhook)
      program prometheus-webhook prometheus-operator github.com/prometheus-operator/prometheus-operator \
        github.com/prometheus-operator/prometheus-operator/cmd/admission-webhook ;;
    cyclonus) program cyclonus cyclonus github.com/mattfenwick/cyclonus . ;;
    kube-score) program kube-score kube-score github.com/zegl/kube-score github.com/zegl/kube-score/cmd/kube-score ;;
    keda)
      for each in operator adapter webhooks; do
        program "keda-$each" keda github.com/kedacore/keda/v2 "github.com/kedacore/keda/v2/cmd/$each"
      done ;;
    checkov) checkov ;;
    kubeseal) tool kubeseal github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@v0.36.6 ;;
    sops) tool sops github.com/getsops/sops/v3/cmd/sops@v3.13.3 ;;
    age-keygen) tool age-keygen filippo.io/age/cmd/age-keygen@v1.2.1 ;;
    *) program "$part" kubernetes k8s.io/kubernetes "k8s.io/kubernetes/cmd/$part" ;;
  esac
done
