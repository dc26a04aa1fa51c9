# The bot in a container: docker compose up -d --build (docs/discord.md).

FROM rust:1.95.0-slim-bookworm AS build
# The image has this toolchain; without the variable rustup would fetch the lints of rust-toolchain.toml too.
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs kewen.example.toml ./
COPY build build
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --locked --release --bin kewen && cp target/release/kewen /kewen

FROM debian:bookworm-slim
# git, for notes from a repository (notes.git).
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git && rm -rf /var/lib/apt/lists/*
# Not root. A new volume takes over the owner of the folder that it is mounted on, so the index can be written.
RUN useradd --system --user-group --uid 10001 --home-dir /data --no-create-home kewen \
    && install -d -o kewen -g kewen /data /data/index /data/log /data/corpus
COPY --from=build /kewen /usr/local/bin/kewen
COPY --chown=kewen:kewen corpus /data/corpus
WORKDIR /data
USER kewen
VOLUME /data/index /data/log
# Healthy while the bot's connection to Discord stands.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["kewen", "doctor", "--alive"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["kewen"]
CMD ["bot"]
