# The gateway as a user of its own, with exactly the packages of the lock file.
FROM python:3.13-slim

RUN useradd --system --uid 7998 --home-dir /var/lib/authsome --create-home --shell /usr/sbin/nologin authsome \
    && chmod 0700 /var/lib/authsome

WORKDIR /usr/src/authsome
COPY requirements/runtime.lock requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --no-cache-dir --no-deps .

USER authsome
WORKDIR /var/lib/authsome
ENV AUTHSOME_HOME=/var/lib/authsome
VOLUME /var/lib/authsome
CMD ["authsome", "up", "--foreground"]
