"""What is overdue on a day: days past due, bucket, penalty, class."""
