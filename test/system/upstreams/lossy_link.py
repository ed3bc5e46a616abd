"""An Ethernet link to another network namespace, with delay and loss in both directions:

lossy_link.py NAMESPACE DEVICE ADDRESS PEER_ADDRESS DELAY_MS LOSS_PERCENT

SIGUSR1 disconnects it, SIGUSR2 reconnects it.
"""
import fcntl, heapq, os, random, select, signal, struct, subprocess, sys, time

namespace, device, address, peer_address, delay_ms, loss_percent = sys.argv[1:]
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
plugged = True


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return fd


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def plug(signum, frame):
    global plugged
    plugged = signum == signal.SIGUSR2


signal.signal(signal.SIGUSR1, plug)
signal.signal(signal.SIGUSR2, plug)
ours, theirs = tap(device), tap(device + "p")
ip("link", "set", device + "p", "netns", namespace)
ip("-n", namespace, "address", "add", peer_address, "dev", device + "p")
ip("-n", namespace, "link", "set", device + "p", "up")
ip("-n", namespace, "link", "set", "lo", "up")
ip("address", "add", address, "dev", device)
ip("link", "set", device, "up")
print("up", flush=True)

waiting = []
count = 0
while True:
    timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for fd in select.select([ours, theirs], [], [], timeout)[0]:
        frame = os.read(fd, 65536)
        if plugged and random.random() * 100 >= float(loss_percent):
            count += 1
            due = time.monotonic() + float(delay_ms) / 1000
            heapq.heappush(waiting, (due, count, theirs if fd == ours else ours, frame))
    while waiting and waiting[0][0] <= time.monotonic():
        os.write(waiting[0][2], heapq.heappop(waiting)[3])
