# One image for every role: the command says which (node, replay, simulate, status, ...).
ARG DOTNET_VERSION=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Seed/Seed.csproj -c Release -o /program

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends librdkafka1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /program /program
# Numbered, so that a cluster that demands an unprivileged user can see that it is one.
USER 1654
WORKDIR /tmp
ENTRYPOINT ["/program/physio"]
CMD ["node", "--log-format", "json"]
