"""A small event loop: readiness of descriptors, and timers.

poll(2) and not epoll(7), because standard input is often a regular file.
"""

from __future__ import annotations

import heapq
import itertools
import os
import select
import time
from collections import deque
from collections.abc import Callable

CHUNK = 65536
# A pipe that is ready takes at least this much (PIPE_BUF) without blocking.
SMALL_WRITE = 4096


class Loop:
    """Calls `readable` and `writable` handlers until somebody calls `stop`."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._writers: dict[int, Callable[[], None]] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._result: int | None = None

    def on_readable(self, descriptor: int, handler: Callable[[], None] | None) -> None:
        self._set(self._readers, descriptor, handler)

    def on_writable(self, descriptor: int, handler: Callable[[], None] | None) -> None:
        self._set(self._writers, descriptor, handler)

    def forget(self, descriptor: int) -> None:
        self.on_readable(descriptor, None)
        self.on_writable(descriptor, None)

    def after(self, seconds: float, handler: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), handler))

    def stop(self, result: int) -> None:
        """Makes `run` return; the first result counts."""
        if self._result is None:
            self._result = result

    def run(self) -> int:
        while self._result is None:
            for descriptor, events in self._poll.poll(self._milliseconds_left()):
                # A handler may have removed another one, or its own.
                if events & ~select.POLLOUT and (reader := self._readers.get(descriptor)):
                    reader()
                if events & ~select.POLLIN and (writer := self._writers.get(descriptor)):
                    writer()
            while self._timers and self._timers[0][0] <= time.monotonic():
                heapq.heappop(self._timers)[2]()
        return self._result

    def _milliseconds_left(self) -> float | None:
        # One more, because poll(2) rounds down.
        return max(0.0, (self._timers[0][0] - time.monotonic()) * 1000 + 1) if self._timers else None

    def _set(self, handlers: dict[int, Callable[[], None]], descriptor: int,
             handler: Callable[[], None] | None) -> None:
        if handler is None:
            handlers.pop(descriptor, None)
        else:
            handlers[descriptor] = handler
        events = (select.POLLIN if descriptor in self._readers else 0) | (
            select.POLLOUT if descriptor in self._writers else 0)
        if events:
            self._poll.register(descriptor, events)
        elif handler is None:
            try:
                self._poll.unregister(descriptor)
            except KeyError:
                pass


class Outlet:
    """Bytes on their way out: written when the descriptor is ready, so that a slow reader blocks nothing.

    The descriptor itself is left blocking: it is shared with other processes.
    """

    def __init__(self, loop: Loop, descriptor: int, on_error: Callable[[], None]) -> None:
        self._loop = loop
        self._descriptor = descriptor
        self._on_error = on_error
        self._queue: deque[bytes] = deque()
        self._on_empty: list[Callable[[], None]] = []
        self.pending = 0

    def write(self, data: bytes) -> None:
        if data:
            self._queue.append(data)
            self.pending += len(data)
            self._loop.on_writable(self._descriptor, self._flush)

    def when_empty(self, handler: Callable[[], None]) -> None:
        """Calls `handler` once, as soon as everything has been written."""
        if self.pending:
            self._on_empty.append(handler)
        else:
            handler()

    def _flush(self) -> None:
        try:
            written = os.write(self._descriptor, self._queue[0][:SMALL_WRITE])
        except OSError:
            # Whoever read this is gone.
            self._queue.clear()
            self.pending = 0
            self._on_error()
            self._emptied()
            return
        self.pending -= written
        if written == len(self._queue[0]):
            self._queue.popleft()
        else:
            self._queue[0] = self._queue[0][written:]
        if not self._queue:
            self._emptied()

    def _emptied(self) -> None:
        self._loop.on_writable(self._descriptor, None)
        handlers, self._on_empty = self._on_empty, []
        for handler in handlers:
            handler()
