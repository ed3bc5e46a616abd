use std::path::Path;

use imgwire_generated::apis::configuration::Configuration;
use imgwire_generated::apis::images_api::*;
use imgwire_generated::apis::{Error, ResponseContent};
use imgwire_generated::models::{
    ErrorCode, Fit, ImageFormat, Order, OutputFormat, OutputFormatOrAuto, Problem, Transformation,
    VariantsRequest,
};
use reqwest::header::{HeaderMap, HeaderValue, CONTENT_TYPE};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, photo, other, other_id, folder] = &args[..] else {
        return Err("Expected URL PHOTO OTHER OTHER_ID FOLDER".into());
    };
    let service = Configuration {
        base_path: url.clone(),
        ..Configuration::default()
    };

    let upload = UploadImageParams {
        image: photo.into(),
        grant: None,
        x_request_id: None,
    };
    let stored = upload_image(&service, upload).await?;
    assert_eq!(
        (stored.created, stored.width, stored.format),
        (true, 1200, ImageFormat::Jpeg)
    );
    let id = stored.image_id;

    let put = PutImageParams {
        image_id: other_id.clone(),
        body: other.into(),
        grant: None,
        if_match: None,
        if_none_match: None,
        x_request_id: None,
    };
    let put = put_image(&uploads(url)?, put).await?;
    assert_eq!((put.created, &put.image_id), (true, other_id));

    let original = get_image(&service, whole(&id)).await?.bytes().await?;
    std::fs::write(Path::new(folder).join("original"), original)?;
    let resize = GetImageParams {
        width: Some(300),
        format: Some(OutputFormatOrAuto::Webp),
        ..whole(&id)
    };
    let resized = get_image(&service, resize).await?.bytes().await?;
    std::fs::write(Path::new(folder).join("resized"), resized)?;

    let info = get_image_info(
        &service,
        GetImageInfoParams {
            image_id: id.clone(),
            signature: None,
            expires: None,
            x_request_id: None,
        },
    )
    .await?;
    assert_eq!(
        (info.width, info.height, info.frames, info.has_alpha),
        (1200, 900, 1, false)
    );

    let page = list_images(
        &service,
        ListImagesParams {
            limit: None,
            order: Some(Order::Newest),
            cursor: None,
            x_request_id: None,
        },
    )
    .await?;
    let mut ids: Vec<&String> = page.images.iter().map(|image| &image.image_id).collect();
    let mut expected = vec![&id, other_id];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);

    let sets = vec![
        Transformation {
            width: Some(100),
            ..Transformation::default()
        },
        Transformation {
            width: Some(200),
            height: Some(200),
            ..Transformation::default()
        },
    ];
    let request = VariantsRequest {
        format: Some(OutputFormat::Webp),
        fit: Some(Fit::Inside),
        ..VariantsRequest::new(sets)
    };
    let variants = MakeVariantsParams {
        image_id: id.clone(),
        variants_request: request,
        signature: None,
        expires: None,
        x_request_id: None,
    };
    let reply = make_variants(&service, variants).await?;
    let sizes: Vec<_> = reply
        .variants
        .iter()
        .map(|one| (one.format, one.width, one.height))
        .collect();
    assert_eq!(
        sizes,
        [(ImageFormat::Webp, 100, 75), (ImageFormat::Webp, 200, 150)]
    );

    let bad = GetImageParams {
        background: Some("no-colour".into()),
        ..whole(&id)
    };
    let refused = refusal(get_image(&service, bad).await);
    assert_eq!(refused.status, 400);
    assert_eq!(
        (refused.code, refused.parameter.as_deref()),
        (ErrorCode::InvalidRequest, Some("background"))
    );

    let delete = DeleteImageParams {
        image_id: id.clone(),
        x_request_id: None,
        if_match: None,
        if_none_match: None,
    };
    delete_image(&service, delete).await?;
    let missing = refusal(get_image(&service, whole(&id)).await);
    assert_eq!((missing.status, missing.code), (404, ErrorCode::NotFound));
    Ok(())
}

/// Errors of all statuses come as the first variant of the generated enum, since all are problems.
fn refusal(reply: Result<reqwest::Response, Error<GetImageError>>) -> Problem {
    match reply {
        Err(Error::ResponseError(ResponseContent {
            entity: Some(GetImageError::Status400(problem)),
            ..
        })) => problem,
        other => panic!("Expected a problem but received {other:?}"),
    }
}

/// The generated put_image sends no Content-Type.
fn uploads(url: &str) -> reqwest::Result<Configuration> {
    let raw = HeaderValue::from_static("application/octet-stream");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, raw)]);
    let client = reqwest::Client::builder()
        .default_headers(headers)
        .build()?;
    Ok(Configuration {
        base_path: url.into(),
        client,
        ..Configuration::default()
    })
}

/// The generated parameters have no default.
fn whole(id: &str) -> GetImageParams {
    GetImageParams {
        image_id: id.into(),
        signature: None,
        expires: None,
        width: None,
        height: None,
        dpr: None,
        fit: None,
        position: None,
        focus: None,
        enlarge: None,
        crop: None,
        trim: None,
        trim_threshold: None,
        flip: None,
        flop: None,
        rotate: None,
        background: None,
        pad: None,
        gamma: None,
        grayscale: None,
        median: None,
        threshold: None,
        blur: None,
        brightness: None,
        saturation: None,
        hue: None,
        sharpen: None,
        normalize: None,
        tint: None,
        negate: None,
        watermark: None,
        watermark_position: None,
        watermark_opacity: None,
        watermark_scale: None,
        format: None,
        quality: None,
        lossless: None,
        progressive: None,
        effort: None,
        max_bytes: None,
        animated: None,
        page: None,
        metadata: None,
        preset: None,
        download: None,
        x_request_id: None,
        if_match: None,
        if_none_match: None,
        range: None,
        if_range: None,
    }
}
