# Run a program where it sees a few folders, read-only, and nothing else: no network, no other process, no file.
# apart.sh ROOT FOLDER… -- PROGRAM…    in new namespaces: unshare --user --map-root-user --mount --net --pid --fork
set -e
root=$1
shift
mount -t tmpfs -o size=64m tmpfs "$root"
mkdir "$root/dev" "$root/scratch"
for file in null zero urandom; do
  : > "$root/dev/$file"
  mount --bind "/dev/$file" "$root/dev/$file"
done
while [ "$1" != -- ]; do
  if [ -L "$1" ]; then
    cp -P "$1" "$root$1"
  elif [ -d "$1" ] && [ ! -d "$root$1" ]; then
    mkdir -p "$root$1"
    mount --bind -o ro,nosuid,nodev "$1" "$root$1"
  fi
  shift
done
shift
export HOME=/scratch
exec chroot "$root" /bin/sh -c 'cd /scratch; exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"' sh "$@"
