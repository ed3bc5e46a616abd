/**
 * Connections that wait to be taken in at a door. Beyond Node's 511 a burst of clients has to knock again after a second
 * or more; the kernel cuts it to its own limit, `net.core.somaxconn`, which is 4096 on Linux.
 */
export const backlog = 4096;
