package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	ht "github.com/ogen-go/ogen/http"
	"github.com/ogen-go/ogen/ogenerrors"

	"imgwire.test/ogen/api"
)

func main() {
	if err := lifeCycle(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A service without keys asks for none.
type withoutKey struct{}

func (withoutKey) Key(context.Context, api.OperationName) (api.Key, error) {
	return api.Key{}, ogenerrors.ErrSkipClientSecurity
}

func lifeCycle(url, photo, other, otherID, folder string) error {
	ctx := context.Background()
	client, err := api.NewClient(url, withoutKey{})
	if err != nil {
		return err
	}

	file, err := os.ReadFile(photo)
	if err != nil {
		return err
	}
	part := ht.MultipartFile{Name: filepath.Base(photo), File: bytes.NewReader(file), Size: int64(len(file))}
	uploaded, err := client.UploadImage(ctx, &api.ImageFormMultipart{Image: part}, api.UploadImageParams{})
	if err != nil {
		return err
	}
	stored, ok := uploaded.(*api.UploadImageCreated)
	if !ok || !stored.Response.Created || stored.Response.Width != 1200 || stored.Response.Format != api.ImageFormatJpeg {
		return fmt.Errorf("upload: %+v", uploaded)
	}
	id := stored.Response.ImageID

	raw, err := os.Open(other)
	if err != nil {
		return err
	}
	put, err := client.PutImage(ctx, api.PutImageReq{Data: raw}, api.PutImageParams{ImageID: otherID})
	if err != nil {
		return err
	}
	if created, ok := put.(*api.PutImageCreated); !ok || created.Response.ImageID != otherID {
		return fmt.Errorf("put: %+v", put)
	}

	if err := save(ctx, client, api.GetImageParams{ImageID: id}, filepath.Join(folder, "original")); err != nil {
		return err
	}
	resize := api.GetImageParams{
		ImageID: id, Width: api.NewOptInt(300), Format: api.NewOptOutputFormatOrAuto(api.OutputFormatOrAutoWEBP),
	}
	if err := save(ctx, client, resize, filepath.Join(folder, "resized")); err != nil {
		return err
	}

	info, err := client.GetImageInfo(ctx, api.GetImageInfoParams{ImageID: id})
	if err != nil {
		return err
	}
	known, ok := info.(*api.ImageInfoHeaders)
	if !ok || known.Response.Width != 1200 || known.Response.Height != 900 || known.Response.Frames != 1 {
		return fmt.Errorf("info: %+v", info)
	}

	page, err := client.ListImages(ctx, api.ListImagesParams{})
	if err != nil {
		return err
	}
	if list, ok := page.(*api.ImagePageHeaders); !ok || len(list.Response.Images) != 2 {
		return fmt.Errorf("list: %+v", page)
	}

	return transformAndDelete(ctx, client, id)
}

func save(ctx context.Context, client *api.Client, params api.GetImageParams, path string) error {
	image, err := client.GetImage(ctx, params)
	if err != nil {
		return err
	}
	found, ok := image.(*api.GetImageOKHeaders)
	if !ok {
		return fmt.Errorf("get: %+v", image)
	}
	data, err := io.ReadAll(found.Response)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

func transformAndDelete(ctx context.Context, client *api.Client, id string) error {
	reply, err := client.MakeVariants(ctx, &api.VariantsRequest{
		Format: api.NewOptOutputFormat(api.OutputFormatWEBP),
		Fit:    api.NewOptFit(api.FitInside),
		Variants: []api.Transformation{
			{Width: api.NewOptInt(100)},
			{Width: api.NewOptInt(200), Height: api.NewOptInt(200)},
		},
	}, api.MakeVariantsParams{ImageID: id})
	if err != nil {
		return err
	}
	sizes := ""
	if made, ok := reply.(*api.VariantsReplyHeaders); ok {
		for _, variant := range made.Response.Variants {
			sizes += fmt.Sprintf("%s %dx%d;", variant.Format, variant.Width, variant.Height)
		}
	}
	if sizes != "webp 100x75;webp 200x150;" {
		return fmt.Errorf("variants: %+v", reply)
	}

	image, err := client.GetImage(ctx, api.GetImageParams{ImageID: id, Background: api.NewOptString("no-colour")})
	if err != nil {
		return err
	}
	refused, ok := image.(*api.Error400Headers)
	if !ok || refused.Response.Code != api.ErrorCodeInvalidRequest || refused.Response.Parameter.Value != "background" {
		return fmt.Errorf("bad parameter: %+v", image)
	}

	deleted, err := client.DeleteImage(ctx, api.DeleteImageParams{ImageID: id})
	if err != nil {
		return err
	}
	if _, ok := deleted.(*api.DeleteImageNoContent); !ok {
		return fmt.Errorf("delete: %+v", deleted)
	}
	image, err = client.GetImage(ctx, api.GetImageParams{ImageID: id})
	if err != nil {
		return err
	}
	if missing, ok := image.(*api.Error404Headers); !ok || missing.Response.Code != api.ErrorCodeNotFound {
		return fmt.Errorf("after the deletion: %+v", image)
	}
	return nil
}
