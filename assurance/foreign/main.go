// Command foreign reads logs and notes of Jurat with libraries of others: each mode ends with status 0 only if those find nothing wrong.
//
//	foreign sumdb URL VKEY                  golang.org/x/mod/sumdb: the note, each leaf's proof, the proofs between sizes
//	foreign tessera URL VKEY                github.com/transparency-dev/tessera/client and merkle/proof: the same
//	foreign fsck URL VKEY                   Tessera's fsck
//	foreign cosigned LOG WITNESS...         a note on standard input: github.com/transparency-dev/formats/note
//	foreign key NAME FILE                   a key for a log; its vkey goes to standard output
//	foreign witnessed DIR KEY POLICY N      a log of Tessera's, whose checkpoints the policy's witnesses cosign; its last one goes to standard output
//	foreign load DIR SECONDS RATE WORKERS BATCH AGE CHECKPOINT
//	                                        appends of 1,024 bytes to a log of Tessera's, at a rate, or by so many workers (the other is 0), with
//	                                        batches so large and so old and checkpoints so far apart (milliseconds); as JSON: how many, how fast
//	foreign vectors                         as JSON: the example tree of transparency-dev/merkle with its proofs, and notes by
//	                                        sumdb's and formats' signers
//	foreign tpm DIR                         github.com/google/go-tpm and crypto/ecdsa: judges each vector of evidence in a folder as it says
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

const patience = 2 * time.Minute

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words []string) error {
	switch {
	case is(words, "sumdb", 2):
		return sumdb(ctx, words[1], words[2])
	case is(words, "tessera", 2):
		return tesseraClient(ctx, words[1], words[2])
	case is(words, "fsck", 2):
		return tesseraFsck(ctx, words[1], words[2])
	case len(words) > 2 && words[0] == "cosigned":
		return cosigned(os.Stdin, words[1], words[2:])
	case is(words, "key", 2):
		return key(words[1], words[2])
	case is(words, "witnessed", 4):
		return witnessed(ctx, words[1], words[2], words[3], words[4])
	case is(words, "load", 7):
		return load(ctx, words[1], words[2:])
	case is(words, "tpm", 1):
		return tpmVectors(words[1])
	case is(words, "vectors", 0):
		return vectors(os.Stdout)
	}
	return errors.New("no such mode, or not its words; see the comment of main.go")
}

func is(words []string, mode string, more int) bool {
	return len(words) == more+1 && words[0] == mode
}
