package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"

	"imgwire.test/oapi-codegen/api"
)

func main() {
	if err := lifeCycle(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func lifeCycle(url, photo, other, otherID, folder string) error {
	ctx := context.Background()
	client, err := api.NewClientWithResponses(url)
	if err != nil {
		return err
	}

	contentType, form, err := imageForm(photo)
	if err != nil {
		return err
	}
	uploaded, err := client.UploadImageWithBodyWithResponse(ctx, nil, contentType, form)
	if err != nil {
		return err
	}
	stored := uploaded.JSON201
	if stored == nil || !stored.Created || stored.Width != 1200 || stored.Format != api.ImageFormatJpeg {
		return fmt.Errorf("upload: %s", uploaded.Body)
	}
	id := stored.ImageId

	file, err := os.Open(other)
	if err != nil {
		return err
	}
	put, err := client.PutImageWithBodyWithResponse(ctx, otherID, nil, "application/octet-stream", file)
	if err != nil {
		return err
	}
	if put.JSON201 == nil || put.JSON201.ImageId != otherID {
		return fmt.Errorf("put: %s", put.Body)
	}

	original, err := client.GetImageWithResponse(ctx, id, nil)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "original"), original.Body, 0o600); err != nil {
		return err
	}
	width, format := 300, api.OutputFormatOrAutoWebp
	resized, err := client.GetImageWithResponse(ctx, id, &api.GetImageParams{Width: &width, Format: &format})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "resized"), resized.Body, 0o600); err != nil {
		return err
	}

	info, err := client.GetImageInfoWithResponse(ctx, id, nil)
	if err != nil {
		return err
	}
	if known := info.JSON200; known == nil || known.Width != 1200 || known.Height != 900 || known.Frames != 1 {
		return fmt.Errorf("info: %s", info.Body)
	}

	page, err := client.ListImagesWithResponse(ctx, nil)
	if err != nil {
		return err
	}
	if page.JSON200 == nil || len(page.JSON200.Images) != 2 {
		return fmt.Errorf("list: %s", page.Body)
	}

	return transformAndDelete(ctx, client, id)
}

func transformAndDelete(ctx context.Context, client *api.ClientWithResponses, id string) error {
	webp, inside, small, large := api.OutputFormatWebp, api.Inside, 100, 200
	sets := []api.Transformation{{Width: &small}, {Width: &large, Height: &large}}
	reply, err := client.MakeVariantsWithResponse(ctx, id, nil, api.VariantsRequest{Format: &webp, Fit: &inside, Variants: sets})
	if err != nil {
		return err
	}
	sizes := ""
	if reply.JSON200 != nil {
		for _, variant := range reply.JSON200.Variants {
			sizes += fmt.Sprintf("%s %dx%d;", variant.Format, variant.Width, variant.Height)
		}
	}
	if sizes != "webp 100x75;webp 200x150;" {
		return fmt.Errorf("variants: %s", reply.Body)
	}

	colour := "no-colour"
	refused, err := client.GetImageWithResponse(ctx, id, &api.GetImageParams{Background: &colour})
	if err != nil {
		return err
	}
	problem := refused.ApplicationproblemJSON400
	if problem == nil || problem.Code != api.InvalidRequest || problem.Parameter == nil || *problem.Parameter != "background" {
		return fmt.Errorf("bad parameter: %s", refused.Body)
	}

	deleted, err := client.DeleteImageWithResponse(ctx, id, nil)
	if err != nil {
		return err
	}
	if deleted.StatusCode() != http.StatusNoContent {
		return fmt.Errorf("delete: %s", deleted.Status())
	}
	missing, err := client.GetImageWithResponse(ctx, id, nil)
	if err != nil {
		return err
	}
	if gone := missing.ApplicationproblemJSON404; gone == nil || gone.Code != api.NotFound {
		return fmt.Errorf("after the deletion: %s", missing.Body)
	}
	return nil
}

func imageForm(path string) (contentType string, form io.Reader, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	part, err := writer.CreateFormFile("image", filepath.Base(path))
	if err != nil {
		return "", nil, err
	}
	if _, err := part.Write(data); err != nil {
		return "", nil, err
	}
	return writer.FormDataContentType(), &body, writer.Close()
}
