// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
)

// defaultBudget is far above what an account has: a hundred jobs take 100 kB. Decoded, and as a
// state, it takes several times as much memory.
const defaultBudget = 20 << 20

// jobWeight is what a job counts beside its document where all jobs become one state.
const jobWeight = 3 << 9

// BudgetError is the cause of an [Error] when what is to be kept of responses takes too much memory.
type BudgetError struct {
	Op     Operation
	Limit  int  // bytes
	Shared bool // by all that is read at the same time
}

// Error names the limit.
func (e *BudgetError) Error() string {
	if e.Shared {
		return fmt.Sprintf("what is read at the same time takes more than %d bytes in all", e.Limit)
	}
	return fmt.Sprintf("the pages of %s take more than %d bytes in all", e.Op, e.Limit)
}

// budget bounds the bytes of all responses that are read, or kept decoded, at the same time.
type budget struct {
	size int

	mu    sync.Mutex // for the shares, too
	taken int

	decoding sync.Mutex // what is decoded takes most memory meanwhile
}

// share is what one reader has taken of the budget. A nil share is that of a call with a small
// response, which is not counted.
type share struct {
	budget      *budget
	op          Operation
	limit       int
	taken, kept int
	isClosed    bool
}

// share returns a share for calls of one kind. Its reader closes it.
func (b *budget) share(op Operation) *share {
	return &share{budget: b, op: op, limit: b.size / max(operations[op].part, 1)}
}

// shareUntil returns a share that is closed once ctx has ended, if not before.
func (b *budget) shareUntil(ctx context.Context, op Operation) *share {
	s := b.share(op)
	context.AfterFunc(ctx, s.close)
	return s
}

// take counts bytes that have come, or ends their reading.
func (s *share) take(n int) error {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	switch {
	case s.isClosed:
		return context.Canceled
	case s.taken+n > s.limit && s.limit < s.budget.size:
		return &BudgetError{Op: s.op, Limit: s.limit}
	case s.budget.taken+n > s.budget.size:
		return &BudgetError{Op: s.op, Limit: s.budget.size, Shared: true}
	}
	s.taken += n
	s.budget.taken += n
	return nil
}

// end keeps what a call has read, or gives it back.
func (s *share) end(isKept bool) {
	if s == nil {
		return
	}
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	if !isKept {
		s.budget.taken -= s.taken - s.kept
		s.taken = s.kept
	}
	s.kept = s.taken
}

// close gives everything back, for good.
func (s *share) close() {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.budget.taken -= s.taken
	s.taken, s.kept, s.isClosed = 0, 0, true
}

// counted is a body whose bytes are taken of the share as they come.
func (s *share) counted(body io.ReadCloser) io.ReadCloser {
	if s == nil {
		return body
	}
	return countedBody{body, s}
}

type countedBody struct {
	io.ReadCloser
	share *share
}

func (b countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	return n, cmp.Or(b.share.take(n), err)
}

// decode runs the decoding of a counted response alone.
func (s *share) decode(read func(response) error, resp response) error {
	if s != nil {
		s.budget.decoding.Lock()
		defer s.budget.decoding.Unlock()
	}
	return read(resp)
}
