package proof

import (
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/audit/entries", Permission: auth.AuditRead, Handler: s.list},
		{Method: http.MethodGet, Path: "/audit/checkpoint", Permission: httpapi.SignedIn, Handler: s.checkpoint},
		{Method: http.MethodGet, Path: "/audit/proofs", Permission: auth.AuditRead, Handler: s.getProof},
	}
}

type objectResponse struct {
	Kind       string  `json:"kind" example:"meeting"`
	Record     string  `json:"record"`
	Before     *string `json:"before" format:"byte" extensions:"x-nullable"`
	Commitment *string `json:"commitment" format:"byte" extensions:"x-nullable"`
} //@name LogObject

type leafResponse struct {
	Number     int64            `json:"number" example:"12"`
	RecordedAt string           `json:"recorded_at" format:"date-time"`
	Act        string           `json:"act" example:"meeting.submit"`
	Actor      string           `json:"actor" example:"installation"`
	Credential *string          `json:"credential" extensions:"x-nullable"`
	Objects    []objectResponse `json:"objects"`
	Content    []byte           `json:"content" swaggertype:"string" format:"byte"`
} //@name LogLeaf

type leafList struct {
	Data []leafResponse `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"`
} //@name LogLeafList

type checkpointResponse struct {
	Note string `json:"note"`
} //@name LogCheckpoint

type proofResponse struct {
	Size   int64    `json:"size" example:"215"`
	Root   string   `json:"root" format:"byte"`
	Hashes []string `json:"hashes"`
} //@name LogProof

// list serves the leaves.
//
//	@Summary		List the leaves of the transparency log
//	@Description	Who did what, in the order of the commits, with a salted commitment to each record that changed. `content` is exactly what was hashed. A leaf holds ids and hashes, no names.
//	@ID				listLogLeaves
//	@Tags			Transparency log
//	@Security		Bearer
//	@Produce		json
//	@Param			limit	query		integer	false	"Rows of a page"	minimum(1)	maximum(200)	default(50)
//	@Param			after	query		string	false	"Where the last page ended: its `next`"
//	@Success		200		{object}	leafList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Router			/api/v1/audit/entries [get]
func (s *Service) list(c *gin.Context) error {
	in := httpapi.NewQuery(c)
	page := in.Page(httpapi.KeyInt)
	if err := in.Err(); err != nil {
		return err
	}
	leaves, err := s.Leaves(c.Request.Context(), auth.Current(c), page)
	if err != nil {
		return err
	}
	out := leafList{Data: make([]leafResponse, len(leaves.Data)), Next: leaves.Next}
	for i, leaf := range leaves.Data {
		out.Data[i] = leafOf(leaf)
	}
	return httpapi.JSON(c, http.StatusOK, out)
}

func leafOf(k audit.Kept) leafResponse {
	out := leafResponse{
		Number: k.Number, RecordedAt: k.RecordedAt, Act: k.Act, Actor: k.Actor, Credential: optional(k.Credential),
		Objects: make([]objectResponse, len(k.Objects)), Content: k.Content,
	}
	for i, object := range k.Objects {
		out.Objects[i] = objectResponse{object.Kind, object.ID, optional(object.Before), optional(object.Commitment)}
	}
	return out
}

// optional is null for what is not there.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// checkpoint serves the signed state of the log.
//
//	@Summary		Read a signed checkpoint
//	@Description	The size and root of the transparency log as it is now, signed. Whoever keeps it can find out later whether the log was rewritten: `sochibo verify --since FILE`.
//	@ID				getLogCheckpoint
//	@Tags			Transparency log
//	@Security		Bearer
//	@Produce		json
//	@Success		200	{object}	checkpointResponse
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		401	{object}	httpapi.Problem
//	@Failure		404	{object}	httpapi.Problem
//	@Router			/api/v1/audit/checkpoint [get]
func (s *Service) checkpoint(c *gin.Context) error {
	in := httpapi.NewQuery(c)
	if err := in.Err(); err != nil {
		return err
	}
	signed, err := s.Checkpoint(c.Request.Context())
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, checkpointResponse{Note: signed})
}

// getProof serves a proof.
//
//	@Summary		Prove a leaf, or that the log only grew
//	@Description	With `leaf`, the hashes that lead from that leaf to the root of the first `size` leaves. With `since`, the hashes that show that the first `size` leaves begin with the first `since`. Hashes are SHA-256 in the order of RFC 6962.
//	@ID				getLogProof
//	@Tags			Transparency log
//	@Security		Bearer
//	@Produce		json
//	@Param			leaf	query		integer	false	"The number of a leaf"								minimum(0)
//	@Param			since	query		integer	false	"The size of an earlier checkpoint"					minimum(1)
//	@Param			size	query		integer	false	"The size of a checkpoint; all leaves by default"	minimum(1)
//	@Success		200		{object}	proofResponse
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Router			/api/v1/audit/proofs [get]
func (s *Service) getProof(c *gin.Context) error {
	in := httpapi.NewQuery(c)
	leaf, since, size := in.Int("leaf", -1, 0, math.MaxInt32), in.Int("since", 0, 1, math.MaxInt32), in.Int("size", 0, 1, math.MaxInt32)
	if (leaf < 0) == (since == 0) {
		in.Fail("leaf", "proof_of_what")
	}
	if err := in.Err(); err != nil {
		return err
	}
	prove := func() (audit.Proof, error) {
		return s.Growth(c.Request.Context(), auth.Current(c), int64(since), int64(size))
	}
	if since == 0 {
		prove = func() (audit.Proof, error) {
			return s.Inclusion(c.Request.Context(), auth.Current(c), int64(leaf), int64(size))
		}
	}
	proof, err := prove()
	if err != nil {
		return err
	}
	out := proofResponse{Size: proof.Size, Root: proof.Root.String(), Hashes: make([]string, len(proof.Hashes))}
	for i, hash := range proof.Hashes {
		out.Hashes[i] = hash.String()
	}
	return httpapi.JSON(c, http.StatusOK, out)
}
