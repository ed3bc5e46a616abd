"""A ping over CURVE: sys.argv = endpoint, the server's public key, the client's public and secret key."""

import sys

import zmq

endpoint, server_key, public_key, secret_key = sys.argv[1:]
context = zmq.Context()
socket = context.socket(zmq.REQ)
socket.linger = 0
socket.rcvtimeo = 3000
socket.curve_serverkey = server_key.encode()
socket.curve_publickey = public_key.encode()
socket.curve_secretkey = secret_key.encode()
socket.connect(endpoint)
socket.send_json({"operation": "ping"})
try:
    print(socket.recv_json()["status"])
except zmq.Again:
    print("no reply")
