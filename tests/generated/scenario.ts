// Forty calls through the client that a generator made of the served OpenAPI document. Prints PASS or FAIL for each.
import * as tarn from "./client/index";

declare const process: { env: Record<string, string>; exitCode: number };

const environment = process.env;
let calls = 0;
let failed = 0;

async function call<T>(what: string, run: () => Promise<T>, check: (found: T) => boolean = () => true): Promise<T> {
  calls += 1;
  try {
    const found = await run();
    if (!check(found)) throw new Error(`another answer than expected: ${JSON.stringify(found).slice(0, 300)}`);
    console.log(`PASS ${what}`);
    return found;
  } catch (error) {
    failed += 1;
    const response = (error as { response?: Response }).response;
    console.log(`FAIL ${what}: ${error} ${response ? await response.text() : ""}`);
    throw error; // what follows builds on it
  }
}

async function main(): Promise<void> {
  const configuration = new tarn.Configuration({ basePath: `http://127.0.0.1:${environment.TARN_PORT}/api/v1`, accessToken: environment.TARN_KEY });
  const organizations = new tarn.OrganizationOrganizationsApi(configuration);
  const workspaces = new tarn.OrganizationWorkspacesApi(configuration);
  const projects = new tarn.ProjectsDeprecatedApi(configuration);
  const keys = new tarn.ProjectsApiKeyApi(configuration);
  const connections = new tarn.ConnectionsApi(configuration);
  const catalogs = new tarn.DataCatalogsApi(configuration);
  const caches = new tarn.DataCacheApi(configuration);
  const queries = new tarn.DataQueriesApi(configuration);
  const folders = new tarn.DataQueryFoldersApi(configuration);
  const exports = new tarn.DataExportsApi(configuration);

  await call("info", () => new tarn.KeyIntrospectionApi(configuration).info(), found => !!found.userId);
  const organizationId = (await call("listOrganizations", () => organizations.listOrganizations(), found => found.length > 0))[0].id;
  await call("getOrganization", () => organizations.getOrganization({ organizationId }), found => found.id === organizationId);
  await call("listWorkspaces", () => workspaces.listWorkspaces({ organizationId }), found => found.length > 0);
  const workspaceId = (await call("createWorkspace", () => workspaces.createWorkspace({ organizationId, workspaceRequest: { name: "Typed" } }), found => found.name === "Typed")).id;
  await call("getWorkspace", () => workspaces.getWorkspace({ organizationId, workspaceId }), found => found.id === workspaceId);
  await call("updateWorkspace", () => workspaces.updateWorkspace({ organizationId, workspaceId, workspaceRequest: { name: "Renamed" } }), found => found.name === "Renamed");
  await call("deleteWorkspace", () => workspaces.deleteWorkspace({ organizationId, workspaceId }));
  const projectId = (await call("createProject", () => projects.createProject({ projectRequest: { name: "Typed" } }), found => !!found.id)).id;
  await call("readProject", () => projects.readProject({ projectId }), found => found.name === "Typed");
  await call("listProjects", () => projects.listProjects(), found => found.some(item => item.id === projectId));
  const key = await call("createApiKey", () => keys.createApiKey({ projectId, apiKeyRequest: { name: "one" } }), found => !!found.apiKey);
  await call("listApiKeys", () => keys.listApiKeys({ projectId }), found => found.length === 1);
  await call("deleteApiKey", () => keys.deleteApiKey({ projectId, apiKeyId: key.apiKeyId as string }));
  await call("listConnectionConfig", () => connections.listConnectionConfig(), found => found.length > 0);
  const connectionRequest = { name: "people", type: "SQLITE", credential: { path: environment.TARN_SQLITE } };
  const connectionId = (await call("createConnection", () => connections.createConnection({ projectId, connectionRequest }), found => !!found.id)).id;
  await call("getConnection", () => connections.getConnection({ projectId, connectionId }), found => found.name === "people");
  await call("listConnections", () => connections.listConnections({ projectId }), found => found.length === 1);
  const made = await call("createCatalog", () => catalogs.createCatalog({ projectId, catalogRequest: { name: "people", connectionId } }), found => !!found.id);
  const catalogId = made.id;
  await call("readCatalog", () => catalogs.readCatalog({ projectId, catalogId }), found => found.name === made.name);
  await call("listCatalogs", () => catalogs.listCatalogs({ projectId }), found => found.some(item => item.id === catalogId));
  await call("listSchemas", () => catalogs.listSchemas({ projectId, catalogId }), found => found.length > 0);
  await call("listTables", () => catalogs.listTables1({ projectId, catalogId, schemaName: "main" }), found => found.length === 1 && found[0].tableName === "people");
  await call("listColumns", () => catalogs.listColumns1({ projectId, catalogId, schemaName: "main", tableName: "people" }), found => found.length === 2);
  const text = `SELECT id, name FROM "${made.name}"."main"."people" ORDER BY id`;
  await call("executeQuery", () => queries.executeQuery({ projectId, executeRequest: { statement: text }, format: tarn.ExecuteQueryFormatEnum.Simple }),
    found => JSON.stringify(found.data[1]) === '{"id":"2","name":"Bob"}' && found.columns[0].columnName === "id");
  const queryId = (await call("createQuery", () => queries.createQuery({ projectId, queryRequest: { displayName: "Everyone", inputQuery: text } }), found => !!found.id)).id;
  await call("readQuery", () => queries.readQuery({ projectId, queryId }), found => found.inputQuery === text);
  await call("listQueries", () => queries.listQueries({ projectId }), found => found.length === 1);
  const folderId = (await call("createQueryFolderAtRoot", () => folders.createQueryFolderAtRoot({ projectId, queryFolderCreateRequest: { folderName: "All" } }), found => !!found.id)).id;
  await call("updateQueryPath", () => queries.updateQueryPath({ projectId, queryId, queryPathUpdateRequest: { path: "/All" } }));
  await call("readQueryFolder", () => folders.readQueryFolder({ projectId, folderId }), found => found.queries.length === 1 && found.queries[0].id === queryId);
  const cacheId = (await call("createCache", () => caches.createCache({ projectId, cacheRequest: { catalogId, schemaName: "main", tableName: "people" } }), found => !!found.id)).id;
  await call("getCacheStatus", () => caches.getCacheStatus({ projectId, cacheId }), found => found.id === cacheId);
  await call("deleteCache", () => caches.deleteCache({ projectId, cacheId }));
  const exportId = (await call("exportQuery", () => exports.exportQuery({ projectId, queryId, exportRequest: { format: tarn.ExportRequestFormatEnum.Jsonl } }), found => found.status === "PENDING")).id;
  const deadline = Date.now() + 30_000;
  while (["PENDING", "RUNNING"].includes((await exports.readExport({ projectId, exportId })).status) && Date.now() < deadline) {
    await new Promise(wake => setTimeout(wake, 50));
  }
  await call("readExport", () => exports.readExport({ projectId, exportId }), found => found.status === "SUCCEEDED" && found.rowCount === 2 && found.files?.length === 1);
  await call("listExports", () => exports.listExports({ projectId }), found => found.length === 1 && found[0].id === exportId);
  await call("transpileSQL", () => new tarn.DataSQLApi(configuration).transpileSQL({ dialect: "mysql", sQLTranspileQueryRequest: { query: "SELECT 1 AS a" } }), found => found.result.includes("`a`"));
  await call("deleteQuery", () => queries.deleteQuery({ projectId, queryId }));
  await call("deleteProject", () => projects.deleteProject({ projectId }));
}

main()
  .catch(() => undefined)
  .finally(() => {
    console.log(`${calls} calls`);
    process.exitCode = failed ? 1 : 0;
  });
