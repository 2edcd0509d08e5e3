// An OpenAI-compatible endpoint over a model file: chat with answers in a JSON form, and embeddings.
//   node endpoint.js MODEL.gguf PORT
import http from "node:http";
import { getLlama, LlamaCompletion } from "node-llama-cpp";

const [file, port] = process.argv.slice(2);
const TOKENS_OF_TEXT = 24;
const ITEMS = 3; // of a list whose length the form leaves open

const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" });
const model = await llama.loadModel({ modelPath: file });
const sequence = (await model.createContext({ contextSize: 4096 })).getSequence();
const completion = new LlamaCompletion({ contextSequence: sequence });
const embedding = await model.createEmbeddingContext({ contextSize: 512 });

// One answer at a time: the model has one context.
let last = Promise.resolve();
function inTurn(work) {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}

// The model's own text behind a beginning, up to a quote.
async function textBehind(beginning) {
  const text = await completion.generateCompletion(beginning, { maxTokens: TOKENS_OF_TEXT, temperature: 0, customStopTriggers: ['"', "\n"] });
  return text.replaceAll("\\", " ").trim() || "unknown";
}

// An answer in a JSON form: the form gives its marks and its choices, the model each of its texts, one after another. So the answer of a
// small model has an end. `said` is all that stands before.
async function fill(form, said) {
  if (form.type === "object") {
    let made = "{";
    for (const [name, part] of Object.entries(form.properties)) {
      made += `${made === "{" ? "" : ", "}${JSON.stringify(name)}: `;
      made += await fill(part, said + made);
    }
    return `${made}}`;
  }
  if (form.type === "array") {
    const choices = Object.values(form.items.properties ?? {}).find((part) => part.enum)?.enum;
    let made = "[";
    for (let item = 0; item < (choices?.length ?? Math.min(ITEMS, form.maxItems ?? ITEMS)); ++item) {
      made += item ? ", " : "";
      made += await fill(chosen(form.items, choices?.[item]), said + made);
    }
    return `${made}]`;
  }
  return JSON.stringify(form.enum ? form.enum[0] : await textBehind(`${said}"`));
}

// A form of which one choice is left.
function chosen(form, choice) {
  const properties = Object.fromEntries(Object.entries(form.properties).map(([name, part]) => [name, part.enum ? { ...part, enum: [choice] } : part]));
  return { ...form, properties };
}

async function complete(request) {
  const asked = request.messages.map(({ role, content }) => `${role}: ${content}\n`).join("");
  const form = request.response_format?.json_schema?.schema;
  const content = form ? await fill(form, `${asked}assistant: `) : await textBehind(`${asked}assistant: `);
  return {
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { total_tokens: sequence.contextTokens.length },
  };
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
