"""Forty calls through the client that a generator made of the served OpenAPI document. Prints PASS or FAIL for each."""

import os
import sys
import time

import tarn_client as tarn

calls = failed = 0


def call(what, run, check=lambda found: True):
    """The answer; a line that says how it went."""
    global calls, failed
    calls += 1
    try:
        found = run()
        good, reason = check(found), "another answer than expected"
    except Exception as error:  # whatever a generated client raises is a failure of the call
        found, good, reason = None, False, f"{type(error).__name__}: {str(error)[:300]}"
    failed += not good
    print(f"PASS {what}" if good else f"FAIL {what}: {reason}")
    return found


def main():
    database = os.environ["TARN_SQLITE"]
    client = tarn.ApiClient(tarn.Configuration(host=f"http://127.0.0.1:{os.environ['TARN_PORT']}/api/v1", access_token=os.environ["TARN_KEY"]))
    organizations, workspaces = tarn.OrganizationOrganizationsApi(client), tarn.OrganizationWorkspacesApi(client)
    projects, keys = tarn.ProjectsDeprecatedApi(client), tarn.ProjectsApiKeyApi(client)
    connections, catalogs, caches = tarn.ConnectionsApi(client), tarn.DataCatalogsApi(client), tarn.DataCacheApi(client)
    queries, folders, exports = tarn.DataQueriesApi(client), tarn.DataQueryFoldersApi(client), tarn.DataExportsApi(client)

    call("info", lambda: tarn.KeyIntrospectionApi(client).info(), lambda found: found.user_id)
    organization = call("listOrganizations", organizations.list_organizations, len)[0].id
    call("getOrganization", lambda: organizations.get_organization(organization), lambda found: found.id == organization)
    call("listWorkspaces", lambda: workspaces.list_workspaces(organization), len)
    workspace = call("createWorkspace", lambda: workspaces.create_workspace(organization, tarn.WorkspaceRequest(name="Generated")), lambda found: found.name == "Generated").id
    call("getWorkspace", lambda: workspaces.get_workspace(organization, workspace), lambda found: found.id == workspace)
    call("updateWorkspace", lambda: workspaces.update_workspace(organization, workspace, tarn.WorkspaceRequest(name="Renamed")), lambda found: found.name == "Renamed")
    call("deleteWorkspace", lambda: workspaces.delete_workspace(organization, workspace))
    project = call("createProject", lambda: projects.create_project(tarn.ProjectRequest(name="Generated")), lambda found: found.id).id
    call("readProject", lambda: projects.read_project(project), lambda found: found.name == "Generated")
    call("listProjects", projects.list_projects, lambda found: project in [item.id for item in found])
    key = call("createApiKey", lambda: keys.create_api_key(project, tarn.ApiKeyRequest(name="one")), lambda found: found.api_key)
    call("listApiKeys", lambda: keys.list_api_keys(project), lambda found: len(found) == 1)
    call("deleteApiKey", lambda: keys.delete_api_key(project, key.api_key_id))
    call("listConnectionConfig", connections.list_connection_config, len)
    request = tarn.ConnectionRequest(name="people", type="SQLITE", credential={"path": database})
    connection = call("createConnection", lambda: connections.create_connection(project, request), lambda found: found.id).id
    call("getConnection", lambda: connections.get_connection(project, connection), lambda found: found.name == "people")
    call("listConnections", lambda: connections.list_connections(project), lambda found: len(found) == 1)
    made = call("createCatalog", lambda: catalogs.create_catalog(project, tarn.CatalogRequest(name="people", connection_id=connection)), lambda found: found.id)
    call("readCatalog", lambda: catalogs.read_catalog(project, made.id), lambda found: found.name == made.name)
    call("listCatalogs", lambda: catalogs.list_catalogs(project), lambda found: made.id in [item.id for item in found])
    call("listSchemas", lambda: catalogs.list_schemas(project, made.id), len)
    call("listTables", lambda: catalogs.list_tables1(project, made.id, "main"), lambda found: [item.table_name for item in found] == ["people"])
    call("listColumns", lambda: catalogs.list_columns1(project, made.id, "main", "people"), lambda found: len(found) == 2)
    text = f'SELECT id, name FROM "{made.name}"."main"."people" ORDER BY id'
    call("executeQuery", lambda: queries.execute_query(project, tarn.ExecuteRequest(statement=text), format="SIMPLE"),
         lambda found: found.data[1] == {"id": "2", "name": "Bob"} and [column.column_name for column in found.columns] == ["id", "name"])
    query = call("createQuery", lambda: queries.create_query(project, tarn.QueryRequest(display_name="Everyone", input_query=text)), lambda found: found.id).id
    call("readQuery", lambda: queries.read_query(project, query), lambda found: found.input_query == text)
    call("listQueries", lambda: queries.list_queries(project), lambda found: len(found) == 1)
    folder = call("createQueryFolderAtRoot", lambda: folders.create_query_folder_at_root(project, tarn.QueryFolderCreateRequest(folder_name="All")), lambda found: found.id).id
    call("updateQueryPath", lambda: queries.update_query_path(project, query, tarn.QueryPathUpdateRequest(path="/All")))
    call("readQueryFolder", lambda: folders.read_query_folder(project, folder), lambda found: [item.id for item in found.queries] == [query])
    cache = call("createCache", lambda: caches.create_cache(project, tarn.CacheRequest(catalog_id=made.id, schema_name="main", table_name="people")), lambda found: found.id).id
    call("getCacheStatus", lambda: caches.get_cache_status(project, cache), lambda found: found.id == cache)
    call("deleteCache", lambda: caches.delete_cache(project, cache))
    export = call("exportQuery", lambda: exports.export_query(project, query, tarn.ExportRequest(format="JSONL")), lambda found: found.status == "PENDING").id
    deadline = time.monotonic() + 30
    while exports.read_export(project, export).status in ("PENDING", "RUNNING") and time.monotonic() < deadline:
        time.sleep(0.05)
    call("readExport", lambda: exports.read_export(project, export), lambda found: found.status == "SUCCEEDED" and len(found.files) == 1 and found.row_count == 2)
    call("listExports", lambda: exports.list_exports(project), lambda found: [item.id for item in found] == [export])
    call("transpileSQL", lambda: tarn.DataSQLApi(client).transpile_sql("mysql", tarn.SQLTranspileQueryRequest(query="SELECT 1 AS a")), lambda found: "`a`" in found.result)
    call("deleteQuery", lambda: queries.delete_query(project, query))
    call("deleteProject", lambda: projects.delete_project(project))
    print(f"{calls} calls")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
