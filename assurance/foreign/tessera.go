package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

func open(address, vkey string) (note.Verifier, *client.HTTPFetcher, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, nil, err
	}
	root, err := url.Parse(address)
	if err != nil {
		return nil, nil, err
	}
	fetcher, err := client.NewHTTPFetcher(root, nil)
	return verifier, fetcher, err
}

func tesseraClient(ctx context.Context, address, vkey string) error {
	verifier, fetcher, err := open(address, vkey)
	if err != nil {
		return err
	}
	checkpoint, _, _, err := client.FetchCheckpoint(ctx, fetcher.ReadCheckpoint, verifier, verifier.Name())
	if err != nil {
		return err
	}
	builder, err := client.NewProofBuilder(ctx, checkpoint.Size, fetcher.ReadTile)
	if err != nil {
		return err
	}
	for index := uint64(0); index*tileWidth < checkpoint.Size; index++ {
		bundle, err := client.GetEntryBundle(ctx, fetcher.ReadEntryBundle, index, checkpoint.Size)
		if err != nil {
			return err
		}
		for i, entry := range bundle.Entries {
			at := index*tileWidth + uint64(i)
			path, err := builder.InclusionProof(ctx, at)
			if err != nil {
				return err
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(entry)
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, at, checkpoint.Size, leaf, path, checkpoint.Hash); err != nil {
				return fmt.Errorf("leaf %d: %w", at, err)
			}
		}
	}
	fmt.Printf("size %d\n", checkpoint.Size)
	return nil
}

func tesseraFsck(ctx context.Context, address, vkey string) error {
	verifier, fetcher, err := open(address, vkey)
	if err != nil {
		return err
	}
	if err := fsck.New(verifier.Name(), verifier, fetcher, leafHashes, fsck.Opts{N: 4}).Check(ctx); err != nil {
		return err
	}
	fmt.Println("whole")
	return nil
}

// leafHashes hashes the entries of a bundle as RFC 6962 does.
func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}
