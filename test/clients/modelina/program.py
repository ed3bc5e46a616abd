"""An upload and a resize with the generated models. Arguments: the endpoint, the image."""

import base64
import sys

import zmq
from models.output_format import OutputFormat
from models.resize_operation import ResizeOperation
from models.resize_reply import ResizeReply
from models.resize_request import ResizeRequest
from models.upload_operation import UploadOperation
from models.upload_reply import UploadReply
from models.upload_request import UploadRequest

endpoint, path = sys.argv[1:]
socket = zmq.Context().socket(zmq.REQ)
socket.setsockopt(zmq.RCVTIMEO, 10_000)
socket.setsockopt(zmq.LINGER, 0)
socket.connect(endpoint)


def call(request, reply_type):
    socket.send_string(request.model_dump_json(exclude_none=True))
    return reply_type.model_validate_json(socket.recv_string())


with open(path, "rb") as file:
    image_data = base64.b64encode(file.read()).decode()
stored = call(UploadRequest(operation=UploadOperation.UPLOAD, image_data=image_data), UploadReply)
asked = ResizeRequest(
    operation=ResizeOperation.RESIZE, image_id=stored.image_id, width=300, format=OutputFormat.WEBP
)
small = call(asked, ResizeReply)
assert base64.b64decode(small.image_data)[8:12] == b"WEBP"
print(stored.width, small.width, small.format.value)
