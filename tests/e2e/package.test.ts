/** What a deployment would upload: packed, weighed, and run. */
import "./package/road.ts";
