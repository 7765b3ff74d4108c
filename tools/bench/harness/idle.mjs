// A process that does nothing, for as long as it is wanted.
setInterval(() => undefined, 60_000);
