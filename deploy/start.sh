#!/bin/sh
# The first process of a container.  With ALEXNET_VIZ_BACKEND=ray://host:port the machine becomes a
# node of that cluster that lends no processor; then the command runs in this process's place.  With
# ray://auto the machine is a node already.
set -eu
case "${ALEXNET_VIZ_BACKEND:-}" in
    ray://auto) ;;
    ray://*)
        until ray start --address="${ALEXNET_VIZ_BACKEND#ray://}" --num-cpus=0 \
            --object-store-memory=100000000 --disable-usage-stats >/dev/null 2>&1; do
            echo "waiting for the cluster at ${ALEXNET_VIZ_BACKEND#ray://}" >&2
            sleep 2
        done
        ;;
esac
exec "$@"
