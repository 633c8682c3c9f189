import { render } from "preact";
import { App } from "./app.tsx";
import { showTheme, storedTheme } from "./live/theme.ts";
import "./styles/tokens.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/overview.css";
import "./styles/targets.css";
import "./styles/detail.css";
import "./styles/explain.css";
import "./styles/changes.css";
import "./styles/metrics.css";

showTheme(storedTheme());
const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(<App />, root);
