FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS=linux
ARG TARGETARCH=amd64
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -buildvcs=false -tags nomsgpack -ldflags "-s -w -X main.version=${VERSION}" -o /out/sochibo ./cmd/sochibo \
    && mkdir -p /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/sochibo /sochibo
COPY --from=build --chown=65532:65532 /out/data /data
# The server does not speak plain HTTP to a network of its own accord: give it SOCHIBO_TLS_CERT_FILE and SOCHIBO_TLS_KEY_FILE, or
# SOCHIBO_BEHIND_PROXY=true and SOCHIBO_TRUSTED_PROXIES.
ENV SOCHIBO_LISTEN=0.0.0.0:8080
USER 65532:65532
# The default store is sochibo.db in the working directory.
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/sochibo", "health"]
ENTRYPOINT ["/sochibo"]
CMD ["serve"]
