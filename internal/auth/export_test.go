package auth

import "sochibo/internal/httpapi"

// Models returns the models of tables that nobody else sees.
func Models() []any { return []any{recovery{}, device{}, streak{}, attempt{}} }

// Declared reports whether it was decided if a permission is weighty.
func Declared(permission httpapi.Permission) bool {
	_, declared := weight(permission)
	return declared
}

// Cheap makes hashes cost next to nothing, where a test is about how many are made.
func (s *Service) Cheap() { s.setCost(cost{memory: 64, time: 1, threads: 1}) }

// Dearer makes new hashes at another cost, as a later release may.
func (s *Service) Dearer() { s.setCost(cost{memory: 128, time: 2, threads: 1}) }

func (s *Service) setCost(c cost) {
	s.hasher.cost = c
	_, salt, key, _ := parsePHC(s.hasher.dummy)
	s.hasher.dummy = c.phc(salt, key)
}

// FillHashQueue takes every slot of the hasher.
func (s *Service) FillHashQueue() {
	for range cap(s.hasher.slots) {
		s.hasher.slots <- struct{}{}
	}
}
