"""The dashboards in a browser, where much has happened already; and the pictures of the guide."""
