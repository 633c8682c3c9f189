import { Refusal, type Type } from "../../config/decode.ts";
import { refined, text } from "../../config/types.ts";
import { TemplateError } from "../template/error.ts";
import { parseTemplate, type Template } from "../template/template.ts";

/** What a field that was not written is: its query is empty, which is told when it is asked for. */
export const emptyTemplate: Template = parseTemplate("");

/** A template in a field of that name; one that does not parse is refused with the line within it. */
export const templateText = (name: string): Type<Template> =>
  refined<string, Template>(text, emptyTemplate, (written, place) => {
    try {
      return parseTemplate(written);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new Refusal(place, `${name}: the template does not parse: ${error.message}`);
    }
  });
