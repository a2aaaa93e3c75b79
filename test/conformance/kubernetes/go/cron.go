package main

import (
	"encoding/json"
	"time"
	_ "unsafe"

	"github.com/robfig/cron/v3"
	batch "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	_ "k8s.io/kubernetes/pkg/controller/cronjob"
)

// Doors into the CronJob controller: its arithmetic of times is private there.

//go:linkname mostRecentScheduleTime k8s.io/kubernetes/pkg/controller/cronjob.mostRecentScheduleTime
func mostRecentScheduleTime(*batch.CronJob, time.Time, cron.Schedule, bool) (time.Time, *time.Time, int, error)

//go:linkname nextScheduleTimeDuration k8s.io/kubernetes/pkg/controller/cronjob.nextScheduleTimeDuration
func nextScheduleTimeDuration(*batch.CronJob, time.Time, cron.Schedule) *time.Duration

// A cronCase asks which time of a schedule is due, and when to look again.
type cronCase struct {
	Schedule        string
	Created         int64 // seconds since 1970
	LastScheduled   *int64
	DeadlineSeconds *int64
	Now             int64
}

type cronAnswer struct {
	Due    *int64 `json:"due"`
	LookMs int64  `json:"lookMs"` // from now on
}

func answerCron(line []byte) (any, error) {
	var read cronCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	schedule, err := cron.ParseStandard(read.Schedule)
	if err != nil {
		return nil, err
	}
	job := &batch.CronJob{
		ObjectMeta: metav1.ObjectMeta{CreationTimestamp: metav1.NewTime(time.Unix(read.Created, 0).UTC())},
		Spec:       batch.CronJobSpec{StartingDeadlineSeconds: read.DeadlineSeconds},
	}
	if read.LastScheduled != nil {
		last := metav1.NewTime(time.Unix(*read.LastScheduled, 0).UTC())
		job.Status.LastScheduleTime = &last
	}
	now := time.Unix(read.Now, 0).UTC()
	_, due, _, err := mostRecentScheduleTime(job, now, schedule, true)
	if err != nil {
		return nil, err
	}
	answer := &cronAnswer{LookMs: nextScheduleTimeDuration(job, now, schedule).Milliseconds()}
	if due != nil {
		seconds := due.Unix()
		answer.Due = &seconds
	}
	return answer, nil
}
