// Package lifecycle takes an image from upload to deletion over any binding of ZeroMQ.
package lifecycle

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
)

// Socket is a REQ socket: it sends a request and waits for the reply.
type Socket interface {
	Call(frames [][]byte) ([][]byte, error)
	Close()
}

type request map[string]any

type reply struct {
	Status    string
	Code      string
	Parameter string
	RequestID string `json:"request_id"`
	ImageID   string `json:"image_id"`
	ImageData []byte `json:"image_data"`
	Created   bool
	Format    string
	Width     int
	Height    int
	Size      int
	Images    []struct {
		ImageID string `json:"image_id"`
	}

	text  string
	image []byte
}

type client struct{ socket Socket }

// run returns the resized image.
func (c client) run(photo []byte) []byte {
	sum := sha256.Sum256(photo)
	imageID := hex.EncodeToString(sum[:])

	r := c.succeed(request{"operation": "upload", "request_id": "go-1"}, photo)
	check(r.ImageID == imageID, "upload: image_id", r)
	check(r.RequestID == "go-1", "upload: request_id", r)
	check(r.Created, "upload: created", r)
	r = c.succeed(request{"operation": "upload", "image_data": base64.StdEncoding.EncodeToString(photo)})
	check(r.ImageID == imageID && !r.Created, "upload in base64", r)

	r = c.succeed(request{"operation": "info", "image_id": imageID})
	check(r.Width == 1200 && r.Height == 900, "info: width and height", r)
	check(r.Format == "jpeg" && r.Size == len(photo), "info: format and size", r)

	r = c.succeed(request{"operation": "retrieve", "image_id": imageID})
	check(bytes.Equal(r.ImageData, photo) && r.image == nil, "retrieve in base64", r)
	retrieve := request{"operation": "retrieve", "image_id": imageID, "transfer_encoding": "binary"}
	r = c.succeed(retrieve)
	check(bytes.Equal(r.image, photo), "retrieve: bytes", r)

	r = c.succeed(request{
		"operation": "resize", "image_id": imageID, "width": 300, "format": "webp", "transfer_encoding": "binary",
	})
	check(r.Width == 300 && r.Height == 225, "resize: width and height", r)
	check(r.Format == "webp", "resize: format", r)
	check(len(r.image) > 0 && len(r.image) == r.Size, "resize: size", r)
	resized := r.image

	r = c.succeed(request{"operation": "list"})
	check(len(r.Images) == 1, "list: number of images", r)
	check(r.Images[0].ImageID == imageID, "list: image_id", r)

	r = c.fail(request{"operation": "resize", "image_id": imageID, "width": "abc"}, "invalid_request")
	check(r.Parameter == "width", "bad parameter: parameter", r)

	r = c.succeed(request{"operation": "delete", "image_id": imageID})
	check(r.ImageID == imageID, "delete: image_id", r)
	c.fail(retrieve, "not_found")
	return resized
}

func (c client) succeed(req request, frames ...[]byte) reply {
	r := c.call(req, frames...)
	check(r.Status == "success", fmt.Sprintf("%v: status", req["operation"]), r)
	return r
}

func (c client) fail(req request, code string) reply {
	r := c.call(req)
	check(r.Status == "error", fmt.Sprintf("%v: status", req["operation"]), r)
	check(r.Code == code, fmt.Sprintf("%v: expected %s", req["operation"], code), r)
	return r
}

func (c client) call(req request, frames ...[]byte) reply {
	head, err := json.Marshal(req)
	if err != nil {
		log.Fatal(err)
	}
	received, err := c.socket.Call(append([][]byte{head}, frames...))
	if err != nil {
		log.Fatalf("%v: %v", req["operation"], err)
	}
	r := reply{text: string(received[0])}
	if err := json.Unmarshal(received[0], &r); err != nil {
		log.Fatalf("%v: %v in %q", req["operation"], err, r.text)
	}
	if len(received) > 1 {
		r.image = received[1]
	}
	return r
}

func check(holds bool, what string, r reply) {
	if !holds {
		log.Fatalf("Mismatch in %s: %s", what, r.text)
	}
}
