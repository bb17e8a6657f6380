// Package erasure carries out decisions to erase, on legal grounds, what is kept about a member, or the texts of one version of a record.
//
// It owns the table erasure. What is erased belongs to the rooms member, meeting, schedule and amendment, which take it out when a second person
// has confirmed the decision.
//
// Invariants: nobody confirms what they asked for; a confirmed decision never changes; figures are the same before and after, since
// rolls keep the member's id, status and standing; nothing is kept from which the erased content could be found out.
//
// What it does not do: it does not search the free texts of others for a name, and it does not reach into exported folders, backups,
// printed records and the answers that are kept for repeated requests, which go by themselves after 7 days.
//
// It may call what amendment may, amendment and schedule.
package erasure
