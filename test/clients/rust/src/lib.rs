//! The life cycle of an image over any ZeroMQ crate.
use base64::prelude::{Engine, BASE64_STANDARD};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::{env, error::Error, fs, io};

pub type Frames = Vec<Vec<u8>>;
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A REQ socket: sends a request and waits for the reply.
pub trait Socket {
    fn call(&mut self, frames: Frames) -> Outcome<Frames>;
}

/// Runs the life cycle, waits for a line on stdin that says the service has restarted, and prints which socket
/// reached it: the one that is open, or only a new one.
/// Arguments: endpoint, photo, file for the resized image.
pub fn main<S: Socket>(open: impl Fn(&str) -> Outcome<S>) -> Outcome<()> {
    let [_, endpoint, photo, output] = &env::args().collect::<Vec<_>>()[..] else {
        return Err("Expected an endpoint, a photo and a file for the resized image".into());
    };
    let mut socket = open(endpoint)?;
    fs::write(output, run(&mut socket, &fs::read(photo)?)?)?;
    println!("done");

    io::stdin().read_line(&mut String::new())?;
    let ping = || vec![br#"{"operation":"ping"}"#.to_vec()];
    match socket.call(ping()) {
        Ok(_) => println!("same socket"),
        Err(error) => {
            eprintln!("{error}");
            drop(socket);
            open(endpoint)?.call(ping())?;
            println!("new socket");
        }
    }
    Ok(())
}

/// Returns the resized image.
fn run(socket: &mut impl Socket, photo: &[u8]) -> Outcome<Vec<u8>> {
    let image_id: String = Sha256::digest(photo)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let encoded = BASE64_STANDARD.encode(photo);

    let (reply, _) = call(
        socket,
        json!({"operation": "upload", "request_id": "rust-1"}),
        Some(photo),
    )?;
    assert_eq!(reply["image_id"], image_id, "{reply}");
    assert_eq!(reply["request_id"], "rust-1", "{reply}");
    assert_eq!(reply["created"], true, "{reply}");
    let (reply, _) = call(
        socket,
        json!({"operation": "upload", "image_data": encoded}),
        None,
    )?;
    assert_eq!(
        (&reply["image_id"], &reply["created"]),
        (&json!(image_id), &json!(false)),
        "{reply}"
    );

    let (reply, _) = call(
        socket,
        json!({"operation": "info", "image_id": image_id}),
        None,
    )?;
    assert_eq!(
        (&reply["width"], &reply["height"]),
        (&json!(1200), &json!(900)),
        "{reply}"
    );
    assert_eq!(
        (&reply["format"], &reply["size"]),
        (&json!("jpeg"), &json!(photo.len())),
        "{reply}"
    );

    let (reply, image) = call(
        socket,
        json!({"operation": "retrieve", "image_id": image_id}),
        None,
    )?;
    assert!(
        reply["image_data"] == encoded && image.is_none(),
        "retrieve in base64"
    );
    let retrieve =
        json!({"operation": "retrieve", "image_id": image_id, "transfer_encoding": "binary"});
    let (reply, image) = call(socket, retrieve.clone(), None)?;
    assert!(image.as_deref() == Some(photo), "{reply}");

    let resize = json!({
        "operation": "resize", "image_id": image_id, "width": 300, "format": "webp", "transfer_encoding": "binary"
    });
    let (reply, resized) = call(socket, resize, None)?;
    let resized = resized.ok_or("Expected an image with the reply to resize")?;
    assert_eq!(
        (&reply["width"], &reply["height"]),
        (&json!(300), &json!(225)),
        "{reply}"
    );
    assert_eq!(
        (&reply["format"], &reply["size"]),
        (&json!("webp"), &json!(resized.len())),
        "{reply}"
    );

    let (reply, _) = call(socket, json!({"operation": "list"}), None)?;
    assert_eq!(reply["images"].as_array().map(Vec::len), Some(1), "{reply}");
    assert_eq!(reply["images"][0]["image_id"], image_id, "{reply}");

    let bad = json!({"operation": "resize", "image_id": image_id, "width": "abc"});
    let (reply, _) = call(socket, bad, None)?;
    assert_eq!(
        (&reply["code"], &reply["parameter"]),
        (&json!("invalid_request"), &json!("width")),
        "{reply}"
    );

    let (reply, _) = call(
        socket,
        json!({"operation": "delete", "image_id": image_id}),
        None,
    )?;
    assert_eq!(reply["image_id"], image_id, "{reply}");
    let (reply, _) = call(socket, retrieve, None)?;
    assert_eq!(reply["code"], "not_found", "{reply}");
    Ok(resized)
}

fn call(
    socket: &mut impl Socket,
    request: Value,
    image: Option<&[u8]>,
) -> Outcome<(Value, Option<Vec<u8>>)> {
    let mut frames = vec![request.to_string().into_bytes()];
    frames.extend(image.map(<[u8]>::to_vec));
    let mut reply = socket.call(frames)?.into_iter();
    let head = reply.next().ok_or("Expected a frame of JSON")?;
    Ok((serde_json::from_slice(&head)?, reply.next()))
}
