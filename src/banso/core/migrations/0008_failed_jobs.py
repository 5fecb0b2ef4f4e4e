from django.db import migrations


class Migration(migrations.Migration):
    """Failed jobs are counted at every look at the installation, among millions that are done."""

    dependencies = [
        ("core", "0007_outgoing_mail"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX jobs_failed ON procrastinate_jobs (queue_name) WHERE status = 'failed'",
            "DROP INDEX jobs_failed",
        ),
    ]
