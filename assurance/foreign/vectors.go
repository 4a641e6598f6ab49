package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/note"
)

// tree is the example tree of RFC 6962's implementations, with every proof in it.
type tree struct {
	Leaves      []string    `json:"leaves"`
	Roots       []string    `json:"roots"`
	Inclusion   []inclusion `json:"inclusion"`
	Consistency []between   `json:"consistency"`
}

type inclusion struct {
	Index int      `json:"index"`
	Size  int      `json:"size"`
	Path  []string `json:"path"`
}

type between struct {
	From int      `json:"from"`
	To   int      `json:"to"`
	Path []string `json:"path"`
}

func vectors(out io.Writer) error {
	example, err := exampleTree()
	if err != nil {
		return err
	}
	signed, err := signedNotes()
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(map[string]any{"notes": signed, "tree": example})
}

func exampleTree() (tree, error) {
	var example tree
	made := testonly.New(rfc6962.DefaultHasher)
	inputs := testonly.LeafInputs()
	made.AppendData(inputs...)
	for _, leaf := range inputs {
		example.Leaves = append(example.Leaves, hex.EncodeToString(leaf))
	}
	for _, root := range testonly.RootHashes() {
		example.Roots = append(example.Roots, hex.EncodeToString(root))
	}
	for size := 1; size <= len(inputs); size++ {
		for i := range size {
			path, err := made.InclusionProof(uint64(i), uint64(size))
			if err != nil {
				return tree{}, err
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), made.LeafHash(uint64(i)), path, made.HashAt(uint64(size))); err != nil {
				return tree{}, fmt.Errorf("their own proof: %w", err)
			}
			example.Inclusion = append(example.Inclusion, inclusion{i, size, texts(path)})
		}
		for from := 1; from <= size; from++ {
			path, err := made.ConsistencyProof(uint64(from), uint64(size))
			if err != nil {
				return tree{}, err
			}
			example.Consistency = append(example.Consistency, between{from, size, texts(path)})
		}
	}
	return example, nil
}

// signed is a checkpoint as a log of others signs it and a witness of others cosigns it.
type signed struct {
	Log     string `json:"log"`
	Note    string `json:"note"`
	Witness string `json:"witness"`
}

func signedNotes() ([]signed, error) {
	var all []signed
	for size, root := range testonly.RootHashes() {
		logSecret, logKey, err := note.GenerateKey(rand.Reader, "log.example")
		if err != nil {
			return nil, err
		}
		log, err := note.NewSigner(logSecret)
		if err != nil {
			return nil, err
		}
		witnessSecret, witnessKey, err := note.GenerateKey(rand.Reader, "witness.example/w")
		if err != nil {
			return nil, err
		}
		witness, err := formats.NewSignerForCosignatureV1(witnessSecret)
		if err != nil {
			return nil, err
		}
		cosigner, err := formats.VKeyToCosignatureV1(witnessKey)
		if err != nil {
			return nil, err
		}
		text := fmt.Sprintf("log.example\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root))
		bytes, err := note.Sign(&note.Note{Text: text}, log, witness)
		if err != nil {
			return nil, err
		}
		all = append(all, signed{logKey, string(bytes), cosigner})
	}
	return all, nil
}

func texts(hashes [][]byte) []string {
	all := []string{}
	for _, hash := range hashes {
		all = append(all, hex.EncodeToString(hash))
	}
	return all
}
