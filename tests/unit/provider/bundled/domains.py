"""What is known about names of hosts, beyond how they are written."""

from __future__ import annotations

# Authorization servers under another domain than the interface that their tokens are for.
FOREIGN = {
    "dropbox": {"dropbox.com"},
    "google": {"google.com"},
    "hubspot": {"hubspot.com"},
    "microsoft": {"microsoftonline.com"},
}

# A wildcard is for services that give each customer a host. It may be only where all of these hosts are the
# service's own servers: a customer whose code could see a request would see other customers' keys.
PER_CUSTOMER = {
    "*.algolia.net": "one host for each application, and for reading; Algolia runs them",
    "*.algolianet.com": "the same, for when a host is down",
    "*.api.mailchimp.com": "one host for each data centre",
    "*.api.openai.com": "one host for each region",
    "*.atlassian.net": "one host for each site; apps of customers are at other domains",
    "*.chargebee.com": "one host for each site; Chargebee runs them",
    "*.cloud.qdrant.io": "one host for each cluster; Qdrant runs them",
    "*.cloud.qdrant.io:6333": "the same, at the database's own port",
    "*.freshdesk.com": "one host for each account; Freshworks runs them",
    "*.grafana.net": "one host for each organisation; Grafana Labs runs them",
    "*.my.salesforce.com": "one host for each organisation; another one's token is refused before its code",
    "*.pinecone.io": "one host for each index; Pinecone runs them",
    "*.pipedrive.com": "one host for each company; Pipedrive runs them",
    "*.snowflakecomputing.com": "one host for each account; containers of customers are at another domain",
    "*.twilio.com": "one host for each product; functions of customers are at twil.io",
    "*.upstash.io": "one host for each database; Upstash runs them",
    "*.weaviate.cloud": "one host for each cluster; Weaviate runs them",
    "*.zendesk.com": "one host for each account; Zendesk runs them",
}

# Domains below which strangers' programs or pages answer, from the Public Suffix List's private section
# and the vendors' documentation.
STRANGERS = set(
    "amazonaws.com appspot.com azuredatabricks.net azurewebsites.net cloudfront.net databricksapps.com"
    " deno.dev firebaseapp.com fly.dev gitlab.io github.io herokuapp.com lambda-url.us-east-1.on.aws"
    " modal.run myshopify.com netlify.app ngrok.app ngrok.io onrender.com pages.dev r2.dev railway.app"
    " render.com repl.co replit.app run.app supabase.co trycloudflare.com up.railway.app vercel.app web.app"
    " twil.io webflow.io workers.dev wpengine.com".split()
)


def domain(host: str) -> str:
    """The part that somebody registered. None of ours is below a suffix of two labels."""
    return ".".join(host.split(".")[-2:])
