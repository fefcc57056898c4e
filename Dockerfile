# Holdfast in a container: built from source, then only the program and what it runs.
#
#   docker build -t holdfast .
#   docker run -d --name holdfast -v holdfast:/var/lib/holdfast -v /srv/media:/srv/media holdfast \
#       up --data /var/lib/holdfast --media-root /srv/media --database-host db.example.org
#   docker exec holdfast holdfast cluster status
#
# Arguments, for those whose images come from elsewhere:
#   SWIFT_IMAGE     a Debian 12 with a Swift 6.3 toolchain on PATH; or a plain Debian 12, if SWIFT_TARBALL is given
#   SWIFT_TARBALL   a toolchain for Debian 12 as swift.org packs it, its path in the build context
#   RUNTIME_IMAGE   a Debian 12
#   CLIENT_TOOLS    Debian packages with pg_dump and pg_restore. A dump is made by the tools of the server's own major
#                   version; Debian 12 has 15, and an image with another archive set up can have others
ARG SWIFT_IMAGE=docker.io/library/swift:6.3-bookworm
ARG RUNTIME_IMAGE=docker.io/library/debian:12-slim

FROM ${SWIFT_IMAGE} AS build
ARG SWIFT_TARBALL=
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        binutils ca-certificates git libcurl4-openssl-dev libncurses6 libpq-dev libsqlite3-dev libstdc++-12-dev libxml2 \
        libzstd-dev pkg-config tzdata \
    && rm -rf /var/lib/apt/lists/*
# The manifest only stands in where no tarball is given: COPY must have something to copy.
COPY Package.swift ${SWIFT_TARBALL} /toolchain/
RUN if [ -n "${SWIFT_TARBALL}" ]; then \
        tar -xzf "/toolchain/$(basename "${SWIFT_TARBALL}")" -C / --strip-components=1; \
    fi && rm -rf /toolchain && swift --version
WORKDIR /holdfast
# Dependencies first, so that a change of ours does not fetch them again.
COPY Package.* ./
RUN swift package resolve
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build --configuration release --static-swift-stdlib --product holdfast \
    && install -D --strip "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/holdfast" \
        /out/usr/local/bin/holdfast

FROM ${RUNTIME_IMAGE}
ARG CLIENT_TOOLS=postgresql-client
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates libcurl4 libpq5 libsqlite3-0 libstdc++6 libzstd1 ${CLIENT_TOOLS} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 7640 --user-group --home-dir /var/lib/holdfast --shell /usr/sbin/nologin holdfast \
    && install -d -m 0700 -o holdfast -g holdfast /var/lib/holdfast
COPY --from=build /out/ /
# Media is restored with its owners only by root: run with `--user 0` where files belong to several users.
USER holdfast
WORKDIR /var/lib/holdfast
VOLUME /var/lib/holdfast
ENV HOLDFAST_CLIENT=/var/lib/holdfast/client.json
# Nodes and coordinators; console (7641) and downloads (8480) listen inside only, unless `--console 0.0.0.0:7641` and
# `--http 0.0.0.0:8480` say otherwise.
EXPOSE 7640
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["holdfast", "cluster", "status", "--json"]
ENTRYPOINT ["holdfast"]
CMD ["up", "--data", "/var/lib/holdfast"]
