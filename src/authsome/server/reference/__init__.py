"""The API as it describes itself, in OpenAPI: at `/openapi.json`, for anybody, and in docs/reference/api.md.

Routes name what their use case may refuse with (`refusals`). All else, such as who may ask and what the way
there refuses, is read from the routes themselves (`describe`), so that it cannot differ from what is done.
"""
