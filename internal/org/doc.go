// Package org holds the organisations, their dated tree, which bodies are in office, and who may act where.
//
// It owns the tables organization, placement, body_term, excused_month and role_grant, the questions about the tree on a day, the
// lock of the tree, and Authorize and Scope, through which every other room asks for rights.
//
// Invariants: on any day an organisation has at most one parent and the tree no cycle; rights follow the tree of today; nobody sees
// an organisation that no grant reaches; nobody gives rights to themselves or beyond the own reach, and a grant that ends stays in the
// store. The acts that change the tree are in structure, which uses the unchecked writes of this room.
//
// It may call fault, calendar, text, database, httpapi and auth.
package org
