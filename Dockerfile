# syntax=docker/dockerfile:1
# The workspace is built once; three small images come of it, one program each, none running as root:
#
#   docker build --target idp .        the provider:      idp serve
#   docker build --target admin-ui .   the managers' web: admin-ui serve --config /data/desk.toml
#   docker build --target aplec .      both in one, for a first look (the last stage, so also the default)
#
# State lives in /data; the master key, without which a stolen database tells no secrets, in /keys. Keep them apart.

FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
# Downloads and compiled libraries stay in the builder's cache: a change in our own code compiles our own code.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p idp -p admin-ui -p bundle \
 && install -D --target-directory=/out target/release/idp target/release/admin-ui target/release/aplec

# Certificates of the web's authorities, for mail servers and upstream providers; a user without rights; nothing else.
FROM debian:bookworm-slim AS ground
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin aplec \
 && install -d -o aplec -g aplec -m 0700 /data /keys
USER 10001:10001
WORKDIR /
VOLUME ["/data", "/keys"]
STOPSIGNAL SIGTERM
# No HEALTHCHECK: the image holds no second program that could ask. Whoever runs it asks for /.well-known/openid-configuration.

FROM ground AS idp
COPY --from=build /out/idp /usr/local/bin/idp
EXPOSE 8080
ENTRYPOINT ["idp"]
CMD ["serve"]

FROM ground AS admin-ui
COPY --from=build /out/admin-ui /usr/local/bin/admin-ui
EXPOSE 8081
ENTRYPOINT ["admin-ui"]
CMD ["serve", "--config", "/data/desk.toml"]

# Listens on the loopback addresses only, so it is run with the host's network: docker run --network host aplec
FROM ground AS aplec
COPY --from=build /out/aplec /usr/local/bin/aplec
EXPOSE 8080 8081 8082
ENTRYPOINT ["aplec"]
CMD ["up", "--data", "/data"]
