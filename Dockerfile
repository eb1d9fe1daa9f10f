# The window, with the people who may use it in /data/people.json: see "In a container" in README.md.
ARG BASE=docker.io/library/python:3.11-slim
FROM $BASE AS build
WORKDIR /source
# the packages are a layer of their own, which a change of ours does not make again
RUN python3 -m venv /opt/papers
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY assistant/render/styles/README.md assistant/render/styles/
RUN mkdir -p assistant index prompts && /opt/papers/bin/pip install --no-cache-dir -c constraints.txt .
COPY assistant assistant
COPY index index
COPY prompts prompts
RUN /opt/papers/bin/pip install --no-cache-dir --no-deps --force-reinstall .

FROM $BASE
COPY --from=build /opt/papers /opt/papers
RUN useradd --uid 1000 --create-home papers && mkdir /data && chown papers /data && chmod 700 /data
USER papers
ENV PATH=/opt/papers/bin:$PATH PAPERS_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["papers"]
# every address of the container, so only for people with a password: `papers user /data/people.json NAME` names them
CMD ["chat", "--host", "0.0.0.0", "--auth", "/data/people.json"]
