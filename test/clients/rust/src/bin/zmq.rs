//! The life cycle over the crate zmq, which binds libzmq.
use imgwire_lifecycle::{Frames, Outcome, Socket};

const TIMEOUT_MS: i32 = 10_000;

struct Req(zmq::Socket);

impl Socket for Req {
    fn call(&mut self, frames: Frames) -> Outcome<Frames> {
        self.0.send_multipart(frames, 0)?;
        Ok(self.0.recv_multipart(0)?)
    }
}

fn main() -> Outcome<()> {
    let context = zmq::Context::new();
    imgwire_lifecycle::main(|endpoint| {
        let req = context.socket(zmq::REQ)?;
        req.set_linger(0)?;
        req.set_rcvtimeo(TIMEOUT_MS)?;
        req.set_sndtimeo(TIMEOUT_MS)?;
        req.connect(endpoint)?;
        Ok(Req(req))
    })
}
