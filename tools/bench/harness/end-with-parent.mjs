// Loaded before a child's own program: a child whose parent is gone, killed even, has nobody to work for.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
