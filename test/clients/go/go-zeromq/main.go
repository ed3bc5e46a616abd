// The life cycle over github.com/go-zeromq/zmq4, which implements ZMTP 3.0 in Go.
package main

import (
	"context"
	"errors"
	"time"

	"github.com/go-zeromq/zmq4"

	"imgwire/test/clients/go/lifecycle"
)

const timeout = 10 * time.Second

type socket struct{ zmq4.Socket }

func main() {
	lifecycle.Main(func(endpoint string) (lifecycle.Socket, error) {
		req := zmq4.NewReq(context.Background(), zmq4.WithDialerTimeout(timeout), zmq4.WithTimeout(timeout))
		_, err := within(timeout, func() (struct{}, error) { return struct{}{}, req.Dial(endpoint) })
		return socket{req}, err
	})
}

func (s socket) Call(frames [][]byte) ([][]byte, error) {
	if err := s.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		return nil, err
	}
	message, err := within(timeout, s.Recv)
	return message.Frames, err
}

func (s socket) Close() { s.Socket.Close() }

// within covers what the library's timeouts do not: the handshake, and Recv of a REQ socket.
func within[T any](limit time.Duration, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	select {
	case result := <-done:
		return result.value, result.err
	case <-time.After(limit):
		var none T
		return none, errors.New("no answer in time")
	}
}
