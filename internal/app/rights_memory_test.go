package app_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// memory is a server with the fault that the test of revocation looks for: it gives an answer to a read once more without asking.
type memory struct {
	handler http.Handler
	kept    sync.Map
}

// ServeHTTP answers from memory where it can.
func (m *memory) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Authorization") + r.URL.String()
	if kept, ok := m.kept.Load(key); ok && r.Method == http.MethodGet {
		if answer, sound := kept.(*httptest.ResponseRecorder); sound {
			rw.WriteHeader(answer.Code)
			return
		}
	}
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, r)
	m.kept.Store(key, recorder)
	rw.WriteHeader(recorder.Code)
}
