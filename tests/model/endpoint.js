// An OpenAI-compatible endpoint over a model file: chat with answers in a JSON form, and embeddings.
//   node endpoint.js MODEL.gguf PORT
import http from "node:http";
import { getLlama, LlamaChatSession } from "node-llama-cpp";

const [file, port] = process.argv.slice(2);
const MOST_TOKENS = 700;

const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" });
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({ contextSize: 4096 });
const embedding = await model.createEmbeddingContext({ contextSize: 512 });

// One answer at a time: the model has one context.
let last = Promise.resolve();
function inTurn(work) {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}

function historyOf(messages) {
  return messages.map(({ role, content }) => {
    if (role === "system") return { type: "system", text: content };
    return role === "user" ? { type: "user", text: content } : { type: "model", response: [content] };
  });
}

async function complete(request) {
  const sequence = context.getSequence();
  try {
    const session = new LlamaChatSession({ contextSequence: sequence });
    session.setChatHistory(historyOf(request.messages.slice(0, -1)));
    const form = request.response_format?.json_schema?.schema;
    const grammar = form ? await llama.createGrammarForJsonSchema(form) : undefined;
    const content = await session.prompt(request.messages.at(-1).content, {
      grammar, maxTokens: MOST_TOKENS, temperature: 0, repeatPenalty: { penalty: 1.3, lastTokens: 128 },
    });
    return {
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { total_tokens: sequence.contextTokens.length },
    };
  } finally {
    sequence.dispose();
  }
}

async function embed(request) {
  const texts = [request.input].flat();
  const data = [];
  for (const [index, text] of texts.entries()) {
    const { vector } = await embedding.getEmbeddingFor(text);
    data.push({ object: "embedding", index, embedding: [...vector] });
  }
  return { object: "list", data, usage: { total_tokens: texts.length } };
}

const PATHS = { "/v1/chat/completions": complete, "/v1/embeddings": embed };

http.createServer(async (incoming, outgoing) => {
  const work = PATHS[incoming.url];
  if (!work) return outgoing.writeHead(404).end();
  const parts = [];
  for await (const part of incoming) parts.push(part);
  try {
    const request = JSON.parse(Buffer.concat(parts).toString("utf-8"));
    const answer = await inTurn(() => work(request));
    outgoing.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500, { "Content-Type": "application/json" }).end(JSON.stringify({ error: { message: String(error) } }));
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
